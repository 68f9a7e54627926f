"""The goal-directed last step: the outermost operator is solved for, not enumerated.

An operator names its step in `Op.finish`. A step proposes argument rows, two at most; the
operator's own block form then decides, so a step may propose too much but never claims too much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from llmerm.search import kernels, list_kernels
from llmerm.search.bank import Bank
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT
from llmerm.search.op import Op
from llmerm.search.values import Array, Keys, Ragged

MOST_PAIRS = 4096
"""Argument pairs looked at per operator and level."""

PARTNER_BITS = 14
"""A new number is compared with those of at most so many bits."""

AT_ONCE, DENSE = 64, 8
"""New numbers compared at once; and on how many samples all pairs are, before most are dropped."""

JOINED_BYTES = 4 << 20
"""New lists compared with the goal at once."""

Pairs: TypeAlias = tuple[Array, Array]


class KeyIndex:
    """Rows by a 64-bit key, to be asked for many keys at once."""

    def __init__(self) -> None:
        self._runs: list[tuple[Keys, Array]] = []

    def add(self, keys: Keys, rows: Array) -> None:
        """File `rows` under `keys`."""
        while self._runs and len(self._runs[-1][0]) <= 2 * len(keys):
            old_keys, old_rows = self._runs.pop()
            keys, rows = np.concatenate([old_keys, keys]), np.concatenate([old_rows, rows])
        order = np.argsort(keys, kind="stable")
        self._runs.append((keys[order], rows[order]))

    def match(self, keys: Keys) -> Pairs:
        """The places in `keys` and the rows filed under the key there; at most `MOST_PAIRS`."""
        places: list[Array] = [np.empty(0, np.int64)]
        found: list[Array] = [np.empty(0, np.int64)]
        for run, rows in self._runs:
            low, high = np.searchsorted(run, keys, "left"), np.searchsorted(run, keys, "right")
            for place in np.nonzero(high > low)[0][:MOST_PAIRS]:
                hits = rows[low[place] : high[place]][:64]
                places.append(np.full(len(hits), place))
                found.append(hits)
        return np.concatenate(places)[:MOST_PAIRS], np.concatenate(found)[:MOST_PAIRS]


@dataclass
class LastStep:
    """Solves for the outermost operator after each level of a bank."""

    bank: Bank
    clock: Clock
    _positive: dict[str, KeyIndex] = field(default_factory=dict)
    _whole: dict[str, KeyIndex] = field(default_factory=dict)

    def found(self) -> Iterator[Expr]:
        """The expressions equal to the goal whose arguments the level in progress completed."""
        for kind in {op.args[0] for op in self._ops()}:
            self._file(kind)
        for op in self._ops():
            for pairs in STEPS[op.finish or ""](self, op):
                self.clock.check()
                yield from self._checked(op, pairs)

    def _ops(self) -> list[Op]:
        wanted = self.bank.target_blocks
        return [op for op in self.bank.grammar.ops if op.finish and op.ret in wanted]

    def _file(self, kind: str) -> None:
        """Index the level's new rows by their values, and by those on the positive samples."""
        column, rows = self.bank.columns[kind], self.bank.fresh(kind)
        if rows.start == rows.stop:
            return
        places = np.arange(rows.start, rows.stop)
        self._whole.setdefault(kind, KeyIndex()).add(column.keys[rows], places)
        if self.bank.goal.truth is not None and kind != "bool":
            index = self._positive.setdefault(kind, KeyIndex())
            index.add(self._positive_keys(kind, rows), places)

    def _positive_keys(self, kind: str, rows: slice) -> Keys:
        column = self.bank.columns[kind]
        return column.kind.keys(column.values[rows][:, self.bank.goal.truth])

    def _checked(self, op: Op, pairs: Pairs) -> Iterator[Expr]:
        """The pairs for which the operator's values are the goal's."""
        if not len(pairs[0]) or op.block is None:
            return
        columns = [self.bank.columns[kind] for kind in op.args]
        args = [c.values[rows] for c, rows in zip(columns, pairs, strict=True)]
        values = op.block(*args)
        kind = self.bank.columns[op.ret].kind
        hits = (kind.keys(values) == self.bank.target_keys[op.ret]) & kind.fits(values)
        for place in np.nonzero(hits)[0]:
            yield self.bank.applied(op, [int(rows[place]) for rows in pairs])

    def fresh_rows(self, kind: str) -> Array:
        """The rows that the level in progress added."""
        rows = self.bank.fresh(kind)
        return np.arange(rows.start, rows.stop)


def _equal(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A == b: the two agree on the positive samples; a hash join finds all such pairs."""
    kind, rows = op.args[0], step.bank.fresh(op.args[0])
    if rows.start < rows.stop and kind in step._positive:
        places, others = step._positive[kind].match(step._positive_keys(kind, rows))
        yield places + rows.start, others


def _xor(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A != b: b is a with the goal's bits flipped."""
    rows = step.fresh_rows("bool")
    keys = step.bank.columns["bool"].keys[rows] ^ step.bank.target_keys["bool"]
    if len(rows):
        places, others = step._whole["bool"].match(keys)
        yield rows[places], others


def _and(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A and b: both hold wherever the goal does."""
    keys, goal = step.bank.columns["bool"].keys, step.bank.target_keys["bool"]
    holds = np.nonzero((keys & goal == goal) & (keys != goal))[0]
    yield from _crossed(step, holds, lambda a, b: (keys[a] & keys[b]) == goal)


def _or(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A or b: neither holds where the goal does not."""
    keys, goal = step.bank.columns["bool"].keys, step.bank.target_keys["bool"]
    holds = np.nonzero((keys | goal == goal) & (keys != goal))[0]
    yield from _crossed(step, holds, lambda a, b: (keys[a] | keys[b]) == goal)


def _crossed(step: LastStep, rows: Array, test: Callable[[Array, Array], Array]) -> Iterator[Pairs]:
    """The pairs of a new row and any row that pass the test; the cheapest rows first."""
    new = rows[rows >= step.bank.fresh("bool").start][:1000]
    for row in new:
        others = rows[:4000]
        passing = others[test(row, others)][:64]
        yield np.full(len(passing), row), passing


def _greater(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A > b (or >=): sample by sample, keeping the pairs that are still right."""
    column, truth = step.bank.columns[op.args[0]], step.bank.goal.truth
    if truth is None:
        return
    assert isinstance(column.values, np.ndarray)
    partners, rows = np.arange(column.within(PARTNER_BITS * UNIT)), step.fresh_rows(op.args[0])
    for start in range(0, len(rows), AT_ONCE):
        step.clock.check()
        some = rows[start : start + AT_ONCE]
        for pair in ((some, partners), (partners, some)):
            left, right = (np.ascontiguousarray(column.values[r].T) for r in pair)
            places = _right_pairs(op, left, right, truth)
            yield pair[0][places[0]], pair[1][places[1]]


def _right_pairs(op: Op, left: Array, right: Array, truth: Array) -> Pairs:
    """The pairs (a, b) for which the operator of `left[:, a]`, `right[:, b]` is the truth."""
    assert op.block is not None
    alive = np.ones((left.shape[1], right.shape[1]), np.bool_)
    for a, b, wanted in zip(left[:DENSE], right[:DENSE], truth[:DENSE], strict=True):
        alive &= np.asarray(op.block(a[:, None], b)) == wanted
    lefts, rights = np.nonzero(alive)
    for a, b, wanted in zip(left[DENSE:], right[DENSE:], truth[DENSE:], strict=True):
        good = op.block(a[lefts], b[rights]) == wanted
        lefts, rights = lefts[good], rights[good]
    return lefts[:MOST_PAIRS], rights[:MOST_PAIRS]


def _sum(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A + b: b is the goal less a."""
    yield from _solved(step, op, lambda a, goal: goal - a)


def _difference(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A - b: b is a less the goal, or a is b plus the goal."""
    yield from _solved(step, op, lambda a, goal: a - goal)
    for rows, others in _solved(step, op, lambda b, goal: b + goal):
        yield others, rows


def _product(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A * b: b is the goal divided by a, where that is whole."""
    yield from _solved(step, op, lambda a, goal: goal // np.where(a == 0, 1, a))


def _concat(step: LastStep, op: Op) -> Iterator[Pairs]:
    """A + b: a begins the goal, and b is what is left; or b ends it, and a is what comes before."""
    rows = step.fresh_rows(op.args[0])
    column = step.bank.columns[op.args[0]]
    size = max(1, JOINED_BYTES // column.kind.row_bytes(column.samples))
    for start in range(0, len(rows), size):
        step.clock.check()
        yield from _joined(step, op.args[0], rows[start : start + size])


def _joined(step: LastStep, kind: str, rows: Array) -> Iterator[Pairs]:
    new, goal = step.bank.columns[kind].values[rows], step.bank.target_blocks[kind]
    assert isinstance(new, Ragged)
    assert isinstance(goal, Ragged)
    begins, ends = list_kernels.begins(goal, new), list_kernels.ends(goal, new)
    for good, first in ((begins, True), (ends, False)):
        if good.any():
            lengths, none = new.lengths[good], np.zeros((1, 1), np.int64)
            start, stop = (lengths, goal.lengths) if first else (none, goal.lengths - lengths)
            rest = step.bank.columns[kind].kind.keys(kernels.cut(goal, start, stop))
            places, others = step._whole[kind].match(rest)
            yield (rows[good][places], others) if first else (others, rows[good][places])


def _solved(step: LastStep, op: Op, other: Callable[[Array, Array], Array]) -> Iterator[Pairs]:
    """Each new row with the rows that have the value which the other argument must have."""
    kind, rows = op.args[0], step.fresh_rows(op.args[0])
    column = step.bank.columns[kind]
    values, goal = column.values, step.bank.target_blocks[kind]
    if len(rows):
        assert isinstance(values, np.ndarray)
        assert isinstance(goal, np.ndarray)
        places, others = step._whole[kind].match(column.kind.keys(other(values[rows], goal)))
        yield rows[places], others


STEPS: Mapping[str, Callable[[LastStep, Op], Iterator[Pairs]]] = {
    "equal": _equal,
    "xor": _xor,
    "and": _and,
    "or": _or,
    "greater": _greater,
    "sum": _sum,
    "difference": _difference,
    "product": _product,
    "concat": _concat,
}
"""The steps by the name that `Op.finish` gives."""
