"""Linear equations over GF(2), in Python integers as bit vectors: the lightest solution.

Finding it is decoding a random linear code; what is done here is exhaustive search for small
cosets, a table of pairs for at most four places, and information-set decoding (Prange 1962; Lee
and Brickell 1988) for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from llmerm.search.clock import Clock

SMALL_COSET = 10
MOST_PAIRED = 400
ROUNDS = 120


class Solution(NamedTuple):
    """The goal is the sum of the columns at `places`, where `odd`; else its complement is."""

    places: tuple[int, ...]
    odd: bool


def bit_column(values: Iterable[object]) -> int:
    """Truth values as the bits of an integer, the first one lowest."""
    return sum(1 << i for i, value in enumerate(values) if value)


def lightest(columns: Sequence[int], goal: int, samples: int, clock: Clock) -> Iterator[Solution]:
    """A solution of fewest columns whose sum is the goal or its complement, if there is one.

    Args:
        columns: the features, a bit for each sample.
        goal: the labels in the same form.
        samples: how many bits count.
        clock: raises `Halt` when the time is over.
    """
    useful = [i for i, column in enumerate(columns) if column not in (0, (1 << samples) - 1)]
    kept = [columns[i] for i in useful]
    found = [*_few(kept, goal, samples), *_decoded(kept, goal, samples, clock)]
    if found:
        best = min(found, key=lambda s: (len(s.places), not s.odd, s.places))
        yield Solution(tuple(sorted(useful[i] for i in best.places)), best.odd)


def _few(columns: Sequence[int], goal: int, samples: int) -> Iterator[Solution]:
    """One to four columns, by a table of the sums of one or two."""
    if len(columns) > MOST_PAIRED:
        return
    ones = (1 << samples) - 1
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for size in (1, 2):
        for places in combinations(range(len(columns)), size):
            total = columns[places[0]] ^ (columns[places[1]] if size == 2 else 0)
            sums.setdefault(total, places)
    for target, odd in ((goal, True), (goal ^ ones, False)):
        for total, places in sums.items():
            other = sums.get(total ^ target)
            if other is not None and not set(other) & set(places) and (other or places):
                yield Solution((*places, *other), odd)


def _decoded(columns: Sequence[int], goal: int, samples: int, clock: Clock) -> Iterator[Solution]:
    generator = np.random.Generator(np.random.PCG64(11))
    order, equations = list(range(len(columns))), _equations(columns, goal, samples)
    for _ in range(ROUNDS):
        clock.check()
        system = _eliminated(equations, order)
        if not system.right:
            return
        if len(system.free) <= SMALL_COSET:
            yield from _lightest_of(system, len(system.free))
            return
        yield from _lightest_of(system, 2)
        order = generator.permutation(len(columns)).tolist()


class _System(NamedTuple):
    """Reduced equations: pivot i is right-hand side i plus the free columns with bit i."""

    pivots: list[int]
    free: list[int]
    bits: list[int]
    right: list[tuple[int, bool]]


def _equations(columns: Sequence[int], goal: int, samples: int) -> list[int]:
    """An equation for each sample: its bit of each column, of the goal, and a 1."""
    n = len(columns)
    return [
        sum((column >> i & 1) << j for j, column in enumerate(columns))
        | (goal >> i & 1) << n
        | 1 << n + 1
        for i in range(samples)
    ]


def _eliminated(equations: Sequence[int], order: Sequence[int]) -> _System:
    """Gauss-Jordan elimination with pivots in `order`; right sides: the goal, its complement."""
    rows, n, samples = list(equations), len(order), len(equations)
    pivots: list[int] = []
    for j in order:
        place = next((i for i in range(len(pivots), samples) if rows[i] >> j & 1), None)
        if place is not None:
            top = len(pivots)
            rows[top], rows[place] = rows[place], rows[top]
            rows = [r ^ rows[top] if i != top and r >> j & 1 else r for i, r in enumerate(rows)]
            pivots.append(j)
    rank, free = len(pivots), sorted(set(range(n)) - set(pivots))
    bits = [bit_column(rows[i] >> j & 1 for i in range(rank)) for j in (*free, n, n + 1)]
    left = [(rows[i] >> n & 1, rows[i] >> n + 1 & 1) for i in range(rank, samples)]
    right = [(bits[-2], True)] * all(not a for a, _ in left)
    right += [(bits[-2] ^ bits[-1], False)] * all(a == b for a, b in left)
    return _System(pivots, free, bits[:-2], right)


def _lightest_of(system: _System, most: int) -> Iterator[Solution]:
    """The lightest solution with at most `most` free columns, for each right side."""
    for right, odd in system.right:
        best = min(
            (
                ((right ^ _total(system.bits, chosen)).bit_count() + size, chosen)
                for size in range(most + 1)
                for chosen in combinations(range(len(system.free)), size)
            ),
        )[1]
        values = right ^ _total(system.bits, best)
        pivots = [p for i, p in enumerate(system.pivots) if values >> i & 1]
        yield Solution((*pivots, *(system.free[i] for i in best)), odd)


def _total(bits: Sequence[int], chosen: Iterable[int]) -> int:
    total = 0
    for i in chosen:
        total ^= bits[i]
    return total
