"""Sets of coordinates as arrays of masks, against Python's own integers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import leap
from llmerm.theory.masks import read


def numbers(masks: np.ndarray) -> list[int]:
    """Each set's mask as one integer."""
    return [sum(int(word) << 64 * w for w, word in enumerate(column)) for column in masks.T]


@pytest.mark.parametrize("largest", [5, 63, 64, 200])
def test_sets_and_integers_give_the_same_masks(largest):
    """Within one word and over several, empty sets among them; one set or integer may be alone."""
    rng = random.Random(largest)
    sets = [[], *([rng.randint(0, largest) for _ in range(rng.randint(0, 6))] for _ in range(99))]
    sets.append([largest, largest])
    masks = [sum(1 << i for i in set(s)) for s in sets]
    assert numbers(read(sets)) == numbers(read(masks)) == masks
    assert numbers(read([masks[5], sets[6], iter(sets[7])])) == masks[5:8]
    assert numbers(read(iter(s) for s in sets)) == masks


def test_large_coordinates_keep_what_is_counted():
    """They are numbered anew: the sizes of sets and of their unions stay."""
    masks = read([{10**6}, {10**6, 3}, {2 * 10**6, 3, 4}])
    assert np.bitwise_count(masks).sum(axis=0).tolist() == [1, 2, 3]
    assert int(np.bitwise_count(np.bitwise_or.reduce(masks, axis=1)).sum()) == 4
    assert leap([{10**6}, {10**6, 3}, {2 * 10**6, 3, 4, 5}]) == 3


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.int64, np.uint64])
def test_arrays_are_read_whole(dtype):
    """Of any width; an empty one as well."""
    assert numbers(read(np.array([5, 0, 7], dtype))) == [5, 0, 7]
    assert read(np.array([], dtype)).shape == (1, 0)


def test_what_is_no_integer_is_refused():
    """Fractions are not cut off, and strings are no coordinates."""
    for wrong in ([1.5], [[1.5]], np.array([1.5]), [["a"]], [None]):
        with pytest.raises(TypeError):
            read(wrong)


@pytest.mark.parametrize(
    "wrong", [[-3], [3, -3], [[-3]], [[1], -3], np.array([-3]), [2**70, -3]], ids=repr
)
def test_negative_numbers_are_refused(wrong):
    """With the value, as masks and as coordinates."""
    with pytest.raises(ArgumentError, match="-3"):
        read(wrong)
