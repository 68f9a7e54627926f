"""Linear equations over GF(2), in Python integers as bit vectors: the lightest solution.

Finding it is decoding a random linear code; what is done here is exhaustive search for small
cosets, a table of pairs for at most four places, and information-set decoding (Prange 1962; Lee
and Brickell 1988) for the rest. Its information sets are neighbours (Canteaut and Chabaud 1998):
a part of the pivots is exchanged from one to the next.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from llmerm.search.clock import Clock
from llmerm.search.values import Array, Keys

SMALL_COSET = 10
MOST_PAIRED = 400
ROUNDS = 160
EXCHANGED = 0.3
"""The share of the pivots that is exchanged between two rounds."""

SURE_BITS = 20.0
"""A solution that chance gives less often than once in 2**SURE_BITS ends the rounds."""


class Solution(NamedTuple):
    """The goal is the sum of the columns at `places`, where `odd`; else its complement is."""

    places: tuple[int, ...]
    odd: bool


def bit_column(values: Iterable[object]) -> int:
    """Truth values as the bits of an integer, the first one lowest."""
    bits = np.packbits([bool(value) for value in values], bitorder="little")
    return int.from_bytes(bits.tobytes(), "little")


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
    found = [*_few(kept, goal, samples)] or [*_decoded(kept, goal, samples, clock)]
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
    system = _eliminated(_equations(columns, goal, samples), len(columns))
    for _ in range(ROUNDS):
        clock.check()
        found = list(_lightest_of(system))
        yield from found
        small = len(system.free) <= SMALL_COSET
        if small or any(_is_sure(s, len(columns), samples) for s in found):
            return
        _exchange(system, round(EXCHANGED * len(system.pivots)), generator)


def _is_sure(solution: Solution, columns: int, samples: int) -> bool:
    """True where so light a solution is hardly an accident: then no lighter one is looked for."""
    accidents = math.log2(math.comb(columns, len(solution.places)) * 2) - samples
    return accidents < -SURE_BITS


class _System(NamedTuple):
    """Equations solved for the pivots: row i says what pivot i is, given the free columns.

    Attributes:
        rows: bit j is column j's; the two bits above them are the goal's and a 1's.
        pivots: the column that each of the first rows is solved for; the other rows have none.
        columns: how many columns there are.
    """

    rows: list[int]
    pivots: list[int]
    columns: int

    @property
    def free(self) -> list[int]:
        """The columns that are no pivots."""
        return sorted(set(range(self.columns)) - set(self.pivots))

    def matrix(self) -> Array:
        """The rows with a pivot as bits `[pivots, columns + 2]`."""
        size = -(-(self.columns + 2) // 8)
        data = b"".join(row.to_bytes(size, "little") for row in self.rows[: len(self.pivots)])
        packed = np.frombuffer(data, np.uint8).reshape(-1, size)
        return np.unpackbits(packed, axis=1, count=self.columns + 2, bitorder="little")

    def sides(self) -> list[bool]:
        """Whether the goal itself, and whether its complement, is a sum of columns."""
        n = self.columns
        left = [(r >> n & 1, r >> n + 1 & 1) for r in self.rows[len(self.pivots) :]]
        possible = (True, all(not a for a, _ in left)), (False, all(a == b for a, b in left))
        return [odd for odd, can_be in possible if can_be]


def _equations(columns: Sequence[int], goal: int, samples: int) -> list[int]:
    """An equation for each sample: its bit of each column, of the goal, and a 1."""
    n = len(columns)
    return [
        sum((column >> i & 1) << j for j, column in enumerate(columns))
        | (goal >> i & 1) << n
        | 1 << n + 1
        for i in range(samples)
    ]


def _eliminated(equations: Sequence[int], columns: int) -> _System:
    """Gauss-Jordan elimination with the first columns as pivots."""
    system = _System(list(equations), [], columns)
    rows = system.rows
    for j in range(columns):
        top = len(system.pivots)
        place = next((i for i in range(top, len(rows)) if rows[i] >> j & 1), None)
        if place is not None:
            rows[top], rows[place] = rows[place], rows[top]
            system.pivots.append(j)
            _cleared(rows, top, j)
    return system


def _cleared(rows: list[int], top: int, column: int) -> None:
    """Add row `top` to all others that have the column."""
    one = rows[top]
    rows[:] = [r ^ one if r >> column & 1 else r for r in rows]
    rows[top] = one


def _exchange(system: _System, count: int, generator: np.random.Generator) -> None:
    """Make so many of the free columns pivots, each in the place of another pivot."""
    columns = generator.permutation(system.free).tolist()[:count]
    for column in columns:
        having = [i for i in range(len(system.pivots)) if system.rows[i] >> column & 1]
        if having:
            top = having[int(generator.integers(len(having)))]
            system.pivots[top] = column
            _cleared(system.rows, top, column)


def _lightest_of(system: _System) -> Iterator[Solution]:
    """For each right side, the lightest solution with few free columns, or with any of a few."""
    free, matrix, n = system.free, system.matrix(), system.columns
    chosen = _choices(len(free))
    sums = _sums(_words(matrix[:, free].T), chosen)
    for odd in system.sides():
        right = matrix[:, n] if odd else matrix[:, n] ^ matrix[:, n + 1]
        weights = np.bitwise_count(sums ^ _words(right[None])).sum(1, dtype=np.int64)
        best = chosen[int(np.argmin(weights + (chosen >= 0).sum(1)))]
        taken = best[best >= 0]
        values = right ^ (matrix[:, [free[i] for i in taken]].sum(1) % 2).astype(np.uint8)
        pivots = [system.pivots[i] for i in np.flatnonzero(values)]
        yield Solution((*pivots, *(free[i] for i in taken)), odd)


def _choices(free: int) -> Array:
    """Which free columns are tried, a row each, filled up with -1: all of few, one or two of many.

    Fewer come first, so that of equally light solutions the one with few free columns is taken.
    """
    most = free if free <= SMALL_COSET else 2 if free <= MOST_PAIRED else 1
    if most > 2:
        sets = [c for size in range(most + 1) for c in combinations(range(free), size)]
        return np.array([(*c, *[-1] * (most - len(c))) for c in sets])
    ones = np.column_stack([np.arange(free), np.full(free, -1)])
    twos = np.column_stack(np.triu_indices(free, 1))[: None if most > 1 else 0]
    return np.concatenate([[[-1, -1]], ones, twos])


def _sums(words: Keys, chosen: Array) -> Keys:
    """The sum over GF(2) of the chosen rows of words; -1 stands for a row of zeros."""
    padded = np.concatenate([words, np.zeros((1, words.shape[1]), np.uint64)])
    total: Keys = np.bitwise_xor.reduce(padded[chosen.T], axis=0)
    return total


def _words(bits: Array) -> Keys:
    """Rows of bits as rows of 64-bit words."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    room = np.zeros((len(packed), max(1, -(-packed.shape[1] // 8)) * 8), np.uint8)
    room[:, : packed.shape[1]] = packed
    return room.view(np.uint64)
