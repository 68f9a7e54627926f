"""All values found so far, by type: what they are, what they cost, and how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.search.columns import MOST_ARGUMENTS, Column, Constants, Literal
from llmerm.search.expression import Expr, nested
from llmerm.search.goal import Goal
from llmerm.search.grammar import UNIT, Grammar, rounded_up
from llmerm.search.literals import Literals
from llmerm.search.op import Op
from llmerm.search.parts import Parts
from llmerm.search.sequences import Lists, Texts
from llmerm.search.values import Bigs, Bools, Floats, Ints, Kind
from llmerm.typing import Value

LITERAL_BITS = 18.0
"""Constants of at most so many bits are enumerated; the solvers fit any."""

LITERAL_WIDTH = 16
SHARES = {"str": 4, "ints": 9, "int": 3, "bool": 1, "float": 2, "big": 1, "strs": 2, "floats": 2}
"""Each type's share of the memory, relative to the other types in the grammar."""

NARROW_WIDTH = 180
"""Shorter strings give lists of numbers below 2**15: places, digits, run lengths, their squares."""


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
        each = max_bytes / sum(SHARES[t] for t in kinds)
        self.columns = {
            t: Column(kind, len(inputs), _capacity(kind, len(inputs), SHARES[t] * each))
            for t, kind in kinds.items()
        }
        wide = _wide(inputs, goal)
        self.constants = {
            t: _constants(family, wide=wide) for t, family in grammar.literals.items()
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
    def full_at(self) -> int | None:
        """The level from which on no value that a label can be was kept, or None."""
        dropped = [self.columns[t].dropped_at for t in self.target_blocks]
        known = [at for at in dropped if at is not None]
        return max(known) if known and len(known) == len(dropped) else None

    @property
    def complete_units(self) -> int:
        """Every value of less cost than this is there: no row was dropped for want of room yet."""
        dropped = [c.dropped_at for c in self.columns.values() if c.dropped_at is not None]
        return min([self.unit, *dropped])


def kinds_for(grammar: Grammar, inputs: Sequence[Value], goal: Goal) -> dict[str, Kind]:
    """How the values of each type of the grammar are held, wide enough for inputs and labels."""
    values = (*inputs, *goal.labels)
    width = max(map(_size, values), default=1) + 2  # room for a character at each end
    wide = _wide(inputs, goal)
    made: dict[str, Kind] = {
        "bool": Bools(),
        "int": Ints(),
        "big": Bigs(),
        "float": Floats(),
        "str": Texts(width, wide=wide),
        "ints": Lists(width, narrow=_narrow(grammar, inputs, width)),
        "strs": Parts((str,), _most_items(values)),
        "floats": Parts((float, int), _most_items(values)),
    }
    unknown = grammar.types - set(made)
    if unknown:
        raise ArgumentError(
            f"operators return the unknown types {sorted(unknown)}. Known: {', '.join(made)}."
        )
    return {t: kind for t, kind in made.items() if t in grammar.types}


def _wide(inputs: Sequence[Value], goal: Goal) -> bool:
    """True where a character does not fit a byte."""
    texts = [text for value in (*inputs, *goal.labels) if not (text := str(value)).isascii()]
    return any(ord(c) > 254 for text in texts for c in text)


def _narrow(grammar: Grammar, inputs: Sequence[Value], width: int) -> bool:
    """True where lists are made of characters and places alone, never of numbers in the input."""
    strings = all(isinstance(x, str) for x in inputs)
    return strings and width <= NARROW_WIDTH and "numbers" not in grammar


def _size(value: Value) -> int:
    """The length of the longest string or list within a value; digits in base 2 for an int."""
    if isinstance(value, dict):
        return max(map(_size, value.values()), default=1)
    if isinstance(value, (list, tuple)):
        if value and all(type(v) is int for v in value):
            return max(len(value), _size(max(value)), _size(min(value)))  # type: ignore[type-var]
        texts = [item for item in value if isinstance(item, str)]
        joined = sum(map(len, texts)) + 2 * len(texts)  # a comma and a space after each
        return max(len(value), joined, *map(_size, value), 1)
    return len(value) if isinstance(value, str) else max(40, len(str(value)))


def _most_items(values: Sequence[Value]) -> int:
    return max((len(v) for v in values if isinstance(v, (list, tuple))), default=4)


def _capacity(kind: Kind, samples: int, max_bytes: float) -> int:
    bookkeeping = 8 + 4 * (1 + MOST_ARGUMENTS) + 64  # key, origin, the sets and indices of keys
    return max(4, int(max_bytes / (kind.row_bytes(samples) + bookkeeping)))


def _constants(family: Literals[Any], *, wide: bool) -> Constants:
    kinds: dict[str, Kind] = {
        "int": Ints(),
        "float": Floats(),
        "str": Texts(LITERAL_WIDTH, wide=wide),
    }
    found = [
        Literal(value, round(rounded_up(family.bits(value)) * UNIT))
        for value in family.values(LITERAL_BITS)
    ]
    return Constants(kinds.get(family.kind, Ints()), found)
