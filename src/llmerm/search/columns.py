"""The values of one type in order of cost, and the literals of one type."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from llmerm.search.values import Array, Block, Keys, Kind, Ragged

MOST_ARGUMENTS = 3


class KeySet:
    """A set of 64-bit keys that takes whole arrays: a few sorted runs, merged as they grow."""

    def __init__(self) -> None:
        self._runs: list[Keys] = []

    def add(self, keys: Keys) -> Array:
        """The places in `keys` of those that are new, first occurrences only, in order."""
        distinct, places = np.unique(keys, return_index=True)
        new = np.ones(len(distinct), np.bool_)
        for run in self._runs:
            at = np.minimum(np.searchsorted(run, distinct), len(run) - 1)
            new &= run[at] != distinct
        self._insert(distinct[new])
        return np.sort(places[new])

    def _insert(self, run: Keys) -> None:
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort()
        if len(run):
            self._runs.append(run)


class Column:
    """The values of one type in order of cost; rows are never changed or removed.

    Attributes:
        count: how many rows there are.
        ends: the number of rows of at most u units of cost, by u.
        keys: the key of each row.
        dropped_at: the level at which a row was dropped for want of room, or None.
    """

    def __init__(self, kind: Kind, samples: int, capacity: int) -> None:
        self.kind = kind
        self.samples = samples
        self.capacity = capacity
        self.count = 0
        self.ends: list[int] = []
        self._units: list[int] = []
        self.dropped_at: int | None = None
        self._store = kind.empty(capacity, samples)
        self._keys = np.empty(capacity, np.uint64)
        self._made = np.empty((capacity, 1 + MOST_ARGUMENTS), np.int32)
        self._seen = KeySet()

    @property
    def full(self) -> bool:
        """True once there is no room for another row."""
        return self.count == self.capacity

    @property
    def values(self) -> Block:
        """The block of all rows."""
        return self._store[: self.count]

    @property
    def keys(self) -> Keys:
        """The keys of all rows."""
        return self._keys[: self.count]

    def level(self, unit: int) -> slice:
        """The rows of exactly `unit` units of cost."""
        if unit < 0 or unit >= len(self.ends):
            return slice(0, 0)
        return slice(self.ends[unit - 1] if unit else 0, self.ends[unit])

    def within(self, units: int) -> int:
        """How many rows cost at most so many units; they are the first ones."""
        return self.ends[min(units, len(self.ends) - 1)] if self.ends else 0

    def units(self, most: int) -> list[int]:
        """The costs of at most `most` units that some row has, in order."""
        return [u for u in self._units if u <= most]

    def close_level(self) -> None:
        """Note that all rows of one more unit of cost are there."""
        if self.count > (self.ends[-1] if self.ends else 0):
            self._units.append(len(self.ends))
        self.ends.append(self.count)

    def unit(self, row: int) -> int:
        """The cost of a row, in units."""
        return int(np.searchsorted(self.ends, row, side="right"))

    def made(self, row: int) -> list[int]:
        """The operator's number and the rows of its arguments."""
        numbers: list[int] = self._made[row].tolist()
        return numbers

    def add(self, block: Block, keys: Keys, op: int, args: Sequence[Array]) -> Array:
        """Keep the rows whose values are new; the places in `block` of those that were kept."""
        room = self.capacity - self.count
        new = self._seen.add(keys) if room else np.arange(len(keys))
        if len(new) > room and self.dropped_at is None:
            self.dropped_at = len(self.ends)
        new = new[:room]
        rows = slice(self.count, self.count + len(new))
        self.kind.put(self._store, self.count, block[new])
        self._keys[rows] = keys[new]
        self._made[rows, 0] = op
        for place, arg in enumerate(args):
            self._made[rows, 1 + place] = arg[new]
        self.count += len(new)
        return new


@dataclass(frozen=True, slots=True)
class Literal:
    """One constant that plain enumeration may use."""

    value: Any
    unit: int


class Constants:
    """The literals of one type that cost at most a limit, as a block `[K, 1]` in order of cost."""

    def __init__(self, kind: Kind, literals: Sequence[Literal]) -> None:
        self.literals = sorted(literals, key=lambda literal: literal.unit)
        self.count = len(self.literals)
        self.values = _stack(kind, [literal.value for literal in self.literals])
        costs = [literal.unit for literal in self.literals]
        self._units = sorted(set(costs))
        self._levels = {u: slice(bisect_left(costs, u), bisect_right(costs, u)) for u in costs}

    def units(self, most: int) -> list[int]:
        """The costs of at most `most` units that some literal has, in order."""
        return [u for u in self._units if u <= most]

    def level(self, unit: int) -> slice:
        """The rows of exactly `unit` units of cost."""
        return self._levels.get(unit, slice(0, 0))


def _stack(kind: Kind, values: Sequence[Any]) -> Block:
    """The values as a block `[K, 1]`: one row of them, turned."""
    row = kind.encode(values)
    if isinstance(row, np.ndarray):
        return row.T
    return Ragged(row.data[0][:, None], row.lengths.T)
