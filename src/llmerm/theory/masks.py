"""Sets of coordinates as bit masks in an array, however they are given."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from operator import index
from typing import SupportsIndex, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import ArgumentError

Masks: TypeAlias = NDArray[np.uint64]
"""Shape (words, sets): bit i % 64 of word i // 64 is set where the set holds the coordinate i."""

Support: TypeAlias = Iterable[int] | SupportsIndex
"""The coordinates, or an integer with bit i set for coordinate i."""

_WORD = 64
_MOST_WORDS = 16  # from so many on, coordinates are numbered anew: those that occur alone


def read(supports: Iterable[Support]) -> Masks:
    """The masks of the sets, in their order.

    Coordinates of 1,024 and more get other numbers, so only counts and unions of these masks mean
    anything.

    Raises:
        ArgumentError: if a mask or coordinate is negative.

    >>> read([{0, 2}, {65}]).tolist()
    [[5, 0], [0, 2]]
    """
    if isinstance(supports, np.ndarray) and supports.ndim == 1 and supports.dtype.kind in "iu":
        return _unsigned(supports)
    items = list(supports)
    ways = {issubclass(kind, Iterable) for kind in set(map(type, items))}
    if ways == {True}:
        return _of_sets(cast("list[Iterable[int]]", items))
    if True in ways:
        return _of_sets([_coordinates(one) for one in items])
    return _of_numbers(cast("list[SupportsIndex]", items))


def _unsigned(masks: NDArray[np.integer]) -> Masks:
    if len(masks) and masks.min() < 0:
        raise ArgumentError(f"a mask must be 0 or more, got {masks.min()}.")
    return masks.astype(np.uint64)[None, :]


def _of_numbers(numbers: Sequence[SupportsIndex]) -> Masks:
    """Masks that are given as integers, of any size."""
    try:
        return np.asarray(array("Q", cast("list[int]", numbers)))[None, :]
    except OverflowError:
        return _of_long_numbers([index(number) for number in numbers])


def _of_long_numbers(numbers: Sequence[int]) -> Masks:
    if min(numbers) < 0:
        raise ArgumentError(f"a mask must be 0 or more, got {min(numbers)}.")
    words = -(-max(numbers).bit_length() // _WORD)
    together = b"".join(number.to_bytes(words * 8, "little") for number in numbers)
    masks: Masks = np.frombuffer(together, "<u8").reshape(-1, words).T.astype(np.uint64)
    return masks


def _coordinates(support: Support) -> Iterable[int]:
    """The set that a mask stands for."""
    if isinstance(support, Iterable):
        return support
    if (mask := index(support)) < 0:
        raise ArgumentError(f"a mask must be 0 or more, got {mask}.")
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def _of_sets(sets: Iterable[Iterable[int]]) -> Masks:
    items = list(sets)
    whole = all(issubclass(kind, Collection) for kind in set(map(type, items)))
    sized = cast("list[Collection[int]]", items) if whole else [tuple(one) for one in items]
    lengths = np.fromiter(map(len, sized), np.int64, len(sized))
    flat = np.asarray(array("q", list(chain.from_iterable(sized))))
    if not len(flat):
        return np.zeros((1, len(sized)), np.uint64)
    if flat.min() < 0:
        raise ArgumentError(f"coordinates must be 0 or more, got {flat.min()}.")
    if flat.max() >= _WORD * _MOST_WORDS:
        flat = np.unique_inverse(flat).inverse_indices
    return _filled(flat, lengths)


def _filled(flat: NDArray[np.int64], lengths: NDArray[np.int64]) -> Masks:
    """The masks of sets of these sizes, whose coordinates follow one another."""
    holding = np.flatnonzero(lengths)
    starts = (np.cumsum(lengths) - lengths)[holding]
    word_of = flat // _WORD if flat.max() >= _WORD else np.zeros(len(flat), np.int64)
    bit = np.left_shift(np.uint64(1), flat.astype(np.uint64) & np.uint64(_WORD - 1))
    masks = np.zeros((int(flat.max()) // _WORD + 1, len(lengths)), np.uint64)
    for word, mask in enumerate(masks):
        mask[holding] = np.bitwise_or.reduceat(np.where(word_of == word, bit, 0), starts)
    return masks
