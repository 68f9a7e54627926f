"""Leap complexity: how far SGD must jump to see the next part of a function."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import SupportsIndex, TypeVar

from llmerm.errors import ArgumentError

Term = TypeVar("Term")


def leap(supports: Iterable[Iterable[int] | SupportsIndex]) -> int:
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
    return _bottleneck([_mask(one) for one in supports], _new_bits, _itself)


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
    return _bottleneck(terms, _new_degrees, _mask)


def _bottleneck(
    terms: Iterable[Term], cost: Callable[[Term, int], int], mask: Callable[[Term], int]
) -> int:
    """The largest cost on the way that always takes the cheapest term: the least that is possible.

    Terms that cost no more than the leap so far are taken together, so there are few rounds.
    """
    left = [term for term in terms if term]
    known = highest = 0
    while left:
        costs = [cost(term, known) for term in left]
        highest = max(highest, min(costs))
        for term, price in zip(left, costs, strict=True):
            known |= mask(term) if price <= highest else 0
        left = [term for term, price in zip(left, costs, strict=True) if price > highest]
    return highest


def _new_bits(mask: int, known: int) -> int:
    return (mask & ~known).bit_count()


def _new_degrees(degrees: Mapping[int, int], known: int) -> int:
    return sum(degree for i, degree in degrees.items() if not known >> i & 1)


def _itself(mask: int) -> int:
    return mask


def _mask(support: Iterable[int] | SupportsIndex) -> int:
    """The bit mask of a set of coordinates, or the one that is given."""
    if not isinstance(support, Iterable):
        if (mask := operator.index(support)) < 0:
            raise ArgumentError(f"a mask must be 0 or more, got {mask}.")
        return mask
    coordinates = {operator.index(i) for i in support}
    if min(coordinates, default=0) < 0:
        raise ArgumentError(f"coordinates must be 0 or more, got {sorted(coordinates)}.")
    return sum(1 << i for i in coordinates)
