"""Leap complexity, against all orders of the supports and against its dual."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import leap, leap_hermite

KNOWN = [
    ([[1, 2, 3, 4, 5]], 5),
    ([[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]], 1),
    ([[1], [1, 2, 3]], 2),
    ([[1], [1, 2, 3, 4]], 3),
    ([[1], [2], [2, 3, 4]], 2),
    ([[1, 2, 3], [2, 3, 4, 5, 6, 7]], 4),
    ([[*range(2, 12), *s] for s in ([], [0], [1], [0, 1])], 10),  # x0 and x1, xor the others
    ([[1, 2], [2, 3], [1, 3]], 2),
    ([[1, 2, 3], [4, 5, 6]], 3),
    ([[1, 2], [1, 2, 3], [3]], 2),
]
HERMITE = [
    ([{1: 2, 2: 3}], 5),
    ([{1: 3}], 3),
    ([{1: 1}, {1: 3, 2: 1}], 1),
    ([{1: 2}, {2: 2}], 2),
]


def brute(supports: list[set[int]]) -> int:
    """The definition: the least over all orders of the largest number of new coordinates."""
    best = 10**9
    for order in itertools.permutations([s for s in supports if s]):
        known: set[int] = set()
        worst = 0
        for support in order:
            worst = max(worst, len(support - known))
            known |= support
        best = min(best, worst)
    return best


def dual(supports: list[set[int]]) -> int:
    """The most, over sets of coordinates, that the nearest support not inside adds to the set."""
    all_of_them = sorted(set().union(*supports))
    found = 0
    for size in range(len(all_of_them)):
        for known in itertools.combinations(all_of_them, size):
            outside = [len(s - set(known)) for s in supports if s - set(known)]
            found = max(found, min(outside, default=0))
    return found


def fourier(rule, n: int) -> list[int]:
    """The masks of the nonzero Fourier coefficients of a truth table, by definition."""
    table = [1 - 2 * int(rule([x >> i & 1 for i in range(n)])) for x in range(2**n)]
    return [
        s
        for s in range(2**n)
        if sum(y * (-1) ** (s & x).bit_count() for x, y in enumerate(table)) != 0
    ]


@pytest.mark.parametrize(("supports", "expected"), KNOWN)
def test_worked_examples(supports, expected):
    """Parities, staircases and triples have the leap they are known for, as masks as well."""
    assert leap(supports) == expected
    assert leap([sum(1 << i for i in s) for s in supports]) == expected


@pytest.mark.parametrize(("terms", "expected"), HERMITE)
def test_worked_examples_on_gaussian_inputs(terms, expected):
    """Degrees over new coordinates add up."""
    assert leap_hermite(terms) == expected


@pytest.mark.parametrize(
    ("rule", "n", "expected"),
    [
        (lambda x: sum(x) >= 2, 3, 1),
        (lambda x: all(x), 3, 1),
        (lambda x: x[2 + 2 * x[0] + x[1]], 6, 1),
        (lambda x: (x[0] & x[1]) ^ (sum(x[2:]) % 2), 8, 6),
        (lambda x: (x[0] & x[1]) ^ (sum(x[2:]) % 2), 9, 7),
        (lambda x: (x[0] & x[1] & x[2]) ^ (x[3] & x[4]) ^ x[5], 6, 1),
        (lambda x: sum(x) % 2, 6, 6),
    ],
    ids=["majority", "and", "multiplexer", "xor 6", "xor 7", "sum of products", "parity"],
)
def test_the_leap_of_truth_tables(rule, n, expected):
    """Their Fourier coefficients are taken from the definition."""
    assert leap(fourier(rule, n)) == expected


def test_it_is_the_minimum_over_all_orders_and_its_dual():
    """Two hundred random families of up to six supports over six coordinates."""
    rng = random.Random(1)
    for _ in range(200):
        supports = [set(rng.sample(range(6), rng.randint(1, 5))) for _ in range(rng.randint(1, 6))]
        assert leap(supports) == brute(supports) == dual(supports)


def test_on_bits_it_is_the_one_of_degrees_of_one():
    """Both functions agree there."""
    rng = random.Random(2)
    for _ in range(50):
        supports = [rng.sample(range(9), rng.randint(1, 6)) for _ in range(5)]
        assert leap(supports) == leap_hermite([dict.fromkeys(s, 1) for s in supports])


def test_a_whole_spectrum_is_no_matter():
    """All masks over 16 coordinates: a staircase is among them; without the single ones, a leap."""
    masks = range(2**16)
    assert leap(masks) == 1
    assert leap(m for m in masks if m.bit_count() != 1) == 2
    assert leap(m for m in masks if m.bit_count() % 5 == 0) == 5


def test_masks_and_coordinates_may_come_from_numpy():
    """A coordinate of 64 and more too."""
    assert leap(np.array([1, 7], dtype=np.uint64)) == 2
    assert leap([np.array([70]), np.array([70, 80, 90])]) == 2


def test_a_constant_has_no_leap():
    """The empty support is the constant term; degrees of 0 are as if they were not there."""
    assert leap([]) == leap([[]]) == leap([0]) == leap_hermite([{1: 0}]) == 0
    assert leap([[], [1]]) == 1


def test_negative_coordinates_and_degrees_are_refused():
    """With the value."""
    for wrong in ([-1], [[-1, 2]]):
        with pytest.raises(ArgumentError, match="-1"):
            leap(wrong)
    for wrong in ([{0: -1}], [{-1: 1}]):
        with pytest.raises(ArgumentError, match="-1"):
            leap_hermite(wrong)
