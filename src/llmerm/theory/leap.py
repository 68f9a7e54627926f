"""Leap complexity: how far SGD must jump to see the next part of a function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from llmerm.errors import ArgumentError
from llmerm.theory.masks import Masks, Support, read


def leap(supports: Iterable[Support]) -> int:
    """The leap of a function on uniform bits with these nonzero Fourier coefficients.

    Leap(f) = min over orders of the supports of max_i |S_i minus the union of those before|
    (Abbe, Boix-Adsera, Misiakiewicz, arXiv 2302.11055). The order that always takes
    a support with the fewest new coordinates reaches the minimum. The values of the coefficients
    do not enter, so a tiny one counts as a large one does.

    Time of about d**max(leap, 2) for SGD on two-layer networks is that paper's conjecture, proven
    for some cases: a heuristic for other training, and for inputs that are not uniform no claim.

    Args:
        supports: the coordinates of each nonzero coefficient; or the same as bit masks (an
            integer with bit i set for coordinate i). The constant term is passed over.

    Returns:
        The leap; 0 for a constant.

    Raises:
        ArgumentError: if a mask or coordinate is negative.

    >>> leap([{1}, {1, 2}, {1, 2, 3}]), leap([{1, 2, 3}]), leap([0b1, 0b111])
    (1, 3, 2)
    """
    return leap_of(read(supports))


def leap_hermite(degrees: Iterable[Mapping[int, int]]) -> int:
    """The leap of a function on Gaussian inputs with these nonzero Hermite coefficients.

    As `leap`, where a term costs the sum of its degrees over the coordinates that are new (the
    same paper). It is that of the given basis: a rotation can change it.

    Args:
        degrees: for each nonzero term, the degree of its Hermite polynomial by coordinate.

    Raises:
        ArgumentError: if a degree or coordinate is negative.

    >>> leap_hermite([{1: 2, 2: 3}]), leap_hermite([{1: 1}, {1: 3, 2: 1}])
    (5, 1)
    """
    terms = [{i: d for i, d in term.items() if d} for term in degrees]
    wrong = [term for term in terms if any(i < 0 or d < 0 for i, d in term.items())]
    if wrong:
        raise ArgumentError(f"coordinates and degrees must be 0 or more, got {wrong[0]}.")
    known: set[int] = set()
    highest = 0
    while terms := [term for term in terms if not known.issuperset(term)]:
        cheapest = min(terms, key=lambda term: _new_degrees(term, known))
        highest = max(highest, _new_degrees(cheapest, known))
        known.update(cheapest)
    return highest


def leap_of(masks: Masks, *, least: int = 0) -> int:
    """The leap of sets as `masks.read` gives them, and at least `least`.

    Sets that cost no more than the leap so far are taken together, so there are few rounds.
    """
    left = np.compress(masks.any(axis=0), masks, axis=1)
    known = np.zeros((len(masks), 1), np.uint64)
    highest = least
    while left.shape[1]:
        new = np.bitwise_count(left & ~known).sum(axis=0)
        highest = max(highest, int(new.min()))
        taken = np.compress(new <= highest, left, axis=1)
        known |= np.bitwise_or.reduce(taken, axis=1, keepdims=True)
        left = np.compress(new > highest, left, axis=1)
    return highest


def _new_degrees(degrees: Mapping[int, int], known: set[int]) -> int:
    return sum(degree for i, degree in degrees.items() if i not in known)
