"""All values found so far, by type: what they are, what they cost, and how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.search.expression import Expr, nested
from llmerm.search.goal import Goal
from llmerm.search.grammar import UNIT, Grammar
from llmerm.search.literals import Literals
from llmerm.search.op import Op
from llmerm.search.values import (
    Array,
    Bigs,
    Block,
    Bools,
    Floats,
    Ints,
    Keys,
    Kind,
    Lists,
    Texts,
)
from llmerm.typing import Value

MOST_ARGUMENTS = 3
LITERAL_BITS = 16.0
"""Constants of at most so many bits are enumerated; the solvers fit any."""

LITERAL_WIDTH = 16
SHARES = {"str": 0.3, "ints": 0.2, "int": 0.25, "bool": 0.1, "float": 0.1, "big": 0.05}
"""Each type's share of the memory."""


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
    """

    def __init__(self, kind: Kind, samples: int, capacity: int) -> None:
        self.kind = kind
        self.samples = samples
        self.capacity = capacity
        self.count = 0
        self.ends: list[int] = []
        self._units: list[int] = []
        self.dropped = False
        self._store = kind.empty(capacity, samples)
        self._keys = np.empty(capacity, np.uint64)
        self._made = np.empty((capacity, 1 + MOST_ARGUMENTS), np.int32)
        self._seen = KeySet()

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
        if self.count >= self.capacity:
            self.dropped = True
            return np.empty(0, np.int64)
        new = self._seen.add(keys)
        room = self.capacity - self.count
        self.dropped |= len(new) > room
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
        self._costs = np.array([literal.unit for literal in self.literals])
        self._units = sorted({literal.unit for literal in self.literals})

    def units(self, most: int) -> list[int]:
        """The costs of at most `most` units that some literal has, in order."""
        return [u for u in self._units if u <= most]

    def level(self, unit: int) -> slice:
        """The rows of exactly `unit` units of cost."""
        return slice(
            int(np.searchsorted(self._costs, unit, "left")),
            int(np.searchsorted(self._costs, unit, "right")),
        )


def _stack(kind: Kind, values: Sequence[Any]) -> Block:
    block = kind.empty(len(values), 1)
    for row, value in enumerate(values):
        kind.put(block, row, kind.encode([value]))
    return block


class Bank:
    """The columns of all types and the literals of a grammar, over a few of the samples.

    Attributes:
        grammar: what the values are built from.
        inputs: the inputs of the samples that the values are over.
        goal: the labels of these samples.
        whole: the labels of all training samples.
        columns: the values by type.
        constants: the literals that plain enumeration uses, by type.
        target_blocks: for each type that the goal can have, the goal as a block of one row.
        target_keys: the keys of these.
        unit: the level in progress, in units of cost.
    """

    def __init__(
        self, grammar: Grammar, samples: Samples, chosen: Sequence[int], *, max_bytes: int
    ) -> None:
        inputs = [samples.inputs[i] for i in chosen]
        self.grammar = grammar
        self.inputs = inputs
        self.whole = Goal.of(samples.outputs)
        self.goal = goal = self.whole.take(chosen)
        self.unit = 0
        kinds = kinds_for(grammar, inputs, goal)
        self.columns = {
            t: Column(kind, len(inputs), _capacity(t, kind, len(inputs), max_bytes))
            for t, kind in kinds.items()
        }
        self.constants = {
            t: _constants(grammar, t, family) for t, family in grammar.literals.items()
        }
        self.target_blocks = {
            t: kinds[t].encode(values) for t, values in goal.targets.items() if t in kinds
        }
        self.target_keys = {t: kinds[t].keys(b)[0] for t, b in self.target_blocks.items()}

    def source(self, kind: str) -> Column | Constants:
        """The rows of a type or of a family of literals."""
        return self.columns[kind] if kind in self.columns else self.constants[kind]

    def fresh(self, kind: str) -> slice:
        """The rows of a type that the last closed level added."""
        return self.columns[kind].level(self.unit - 1)

    def close_level(self) -> None:
        """Note where the level in progress ends, and begin the next."""
        for column in self.columns.values():
            column.close_level()
        self.unit += 1

    def bits(self, kind: str, row: int) -> float:
        """The cost of a row."""
        return self.columns[kind].unit(row) / UNIT

    def expr(self, kind: str, row: int) -> Expr:
        """How the value in a row was made."""
        if kind in self.constants:
            return self.grammar.literal(kind, self.constants[kind].literals[row].value)
        op, *args = self.columns[kind].made(row)
        return self.applied(self.grammar.ops[op], args)

    def applied(self, op: Op, rows: Sequence[int]) -> Expr:
        """The operator applied to the expressions in `rows`, one of each argument's type."""
        args = [self.expr(t, int(r)) for t, r in zip(op.args, rows, strict=False)]
        if op.commutes:
            args.sort(key=lambda arg: len(nested(arg)))  # x == x[::-1] reads better
        return Expr(op, tuple(args))

    @property
    def complete(self) -> bool:
        """True as long as no row was dropped for want of room."""
        return not any(column.dropped for column in self.columns.values())


def kinds_for(grammar: Grammar, inputs: Sequence[Value], goal: Goal) -> dict[str, Kind]:
    """How the values of each type of the grammar are held, wide enough for inputs and labels."""
    values = (*inputs, *goal.labels)
    width = max(map(_size, values), default=1) + 2  # room for a character at each end
    wide = any(ord(c) > 254 for value in values for c in str(value))
    made: dict[str, Kind] = {
        "bool": Bools(),
        "int": Ints(),
        "big": Bigs(),
        "float": Floats(),
        "str": Texts(width, wide=wide),
        "ints": Lists(width),
    }
    unknown = grammar.types - set(made)
    if unknown:
        raise ArgumentError(
            f"operators return the unknown types {sorted(unknown)}. Known: {', '.join(made)}."
        )
    return {t: kind for t, kind in made.items() if t in grammar.types}


def _size(value: Value) -> int:
    """The length of the longest string or list within a value; digits in base 2 for an int."""
    if isinstance(value, dict):
        return max(map(_size, value.values()), default=1)
    if isinstance(value, (list, tuple)):
        return max(len(value), *map(_size, value), 1)
    return len(value) if isinstance(value, str) else max(40, len(str(value)))


def _capacity(kind_name: str, kind: Kind, samples: int, max_bytes: int) -> int:
    bookkeeping = 8 + 4 * (1 + MOST_ARGUMENTS) + 64  # key, origin, the sets and indices of keys
    share = SHARES[kind_name] * max_bytes
    return max(4, int(share / (kind.row_bytes(samples) + bookkeeping)))


def _constants(grammar: Grammar, name: str, family: Literals) -> Constants:
    kinds: dict[str, Kind] = {"int": Ints(), "float": Floats(), "str": Texts(LITERAL_WIDTH, wide=True)}
    found = [
        Literal(value, round(grammar.cost(grammar.literal(name, value).op) * UNIT))
        for value in family.values(LITERAL_BITS)
    ]
    return Constants(kinds.get(family.kind, Ints()), found)
