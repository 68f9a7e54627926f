"""One pass over a bank: all expressions, level by level, and those that match the goal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from llmerm.samples import Samples
from llmerm.search.approximate import Approximations
from llmerm.search.bank import LITERAL_BITS, Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.effort import FULL_BITS
from llmerm.search.expand import Applied, apply
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT, Grammar
from llmerm.search.last_step import LastStep
from llmerm.search.op import Op
from llmerm.search.solvers.base import Solver

MOST_HITS = 256
"""Matching expressions taken per block of values."""

STEP_WORK = 4096
SAMPLE_WORK = 256
"""What a numpy call, and a call of a Python operator, cost in time, as bytes of values computed."""

IDLE_BITS = 30
"""After so many bits without a new value there will be none."""


@dataclass
class Levels:
    """The levels of a bank, cheapest first.

    Attributes:
        bank: the values, filled as the levels go.
        samples: all training samples, for the solvers.
        solvers: asked after each level.
        goal_directed: whether the outermost operator is solved for.
        clock: when to stop.
        limit: the last level, in bits.
        near: told of each level's values.
        work: what was done so far, as bytes of values computed: a clock that no load disturbs.
        at_end: whether a level was just closed.
    """

    bank: Bank
    samples: Samples
    solvers: Sequence[Solver]
    goal_directed: bool
    clock: Clock
    limit: float
    near: Approximations
    work: int = 0
    at_end: bool = False
    _last_step: LastStep = field(init=False)

    def __post_init__(self) -> None:
        self._last_step = LastStep(self.bank, self.clock)

    @property
    def complete_below_bits(self) -> float:
        """Every expression of fewer bits whose constants can be listed has been looked at.

        Sets of places, words or pairs cannot: these are for the solvers alone.
        """
        return min(self.bank.complete_units / UNIT, _first_left_out(self.bank.grammar))

    @property
    def _passed(self) -> bool:
        """True beyond the last level, and where nothing new has been kept for some bits."""
        full = self.bank.full_at
        beyond = math.inf if full is None else full / UNIT + FULL_BITS
        return self.bank.unit / UNIT > min(self.limit, beyond)

    def matches(self) -> Iterator[Candidate | None]:
        """Expressions equal to the goal on the bank's samples; None marks a step without any."""
        idle = 0
        while not self._passed and idle < IDLE_BITS * UNIT:
            count = sum(column.count for column in self.bank.columns.values())
            yield from self._level()
            grown = sum(column.count for column in self.bank.columns.values()) - count
            idle = 0 if grown else idle + 1

    def _level(self) -> Iterator[Candidate | None]:
        self.at_end = False
        for number, op in enumerate(self.bank.grammar.ops):
            units = self.bank.unit - self._units(op)
            if units >= 0 and self._wanted(op):
                for applied in apply(self.bank, op, units):
                    self.clock.check()
                    yield from self._kept(number, op, applied)
                self.work += STEP_WORK
                yield None
        self.bank.close_level()
        self.at_end = True
        self.near.note(self.bank)
        yield from self._solved()
        yield None

    def _wanted(self, op: Op) -> bool:
        """False where its values could neither be kept nor be the goal."""
        column = self.bank.columns[op.ret]
        if column.full and column.dropped_at is None:
            column.dropped_at = self.bank.unit
        return not column.full or op.ret in self.bank.target_keys

    def _units(self, op: Op) -> int:
        """At least 1 for an operator with arguments, so that a level never feeds itself."""
        return max(round(self.bank.grammar.cost(op) * UNIT), len(op.args) > 0)

    def _kept(self, number: int, op: Op, applied: Applied) -> Iterator[Candidate]:
        column = self.bank.columns[op.ret]
        keys = column.kind.keys(applied.block)
        column.add(applied.block, keys, number, applied.rows)
        by_sample = SAMPLE_WORK * column.samples if op.block is None else 0
        self.work += len(keys) * (column.kind.row_bytes(column.samples) + by_sample) + STEP_WORK
        if op.ret in self.bank.target_keys:
            for place in np.nonzero(keys == self.bank.target_keys[op.ret])[0][:MOST_HITS]:
                rows = [int(r[place]) for r in applied.rows]
                yield self._candidate(self.bank.applied(op, rows), "enumeration")

    def _solved(self) -> Iterator[Candidate]:
        if self.goal_directed:
            for expr in self._last_step.found():
                yield self._candidate(expr, "last step")
        for solver in self.solvers:
            yield from solver.propose(self.bank, self.samples, self.clock)

    def _candidate(self, expr: Expr, origin: str) -> Candidate:
        return Candidate(expr, self.bank.grammar.bits(expr), origin)


def _first_left_out(grammar: Grammar) -> float:
    """The bits from which on an expression may have a constant too long to be listed."""
    listed = {
        t
        for t, family in grammar.literals.items()
        if any(True for _ in family.values(LITERAL_BITS))
    }
    least = {t: 0.0 for t in grammar.literals}
    least |= {t: min(grammar.cost(op) for op in grammar.ops if op.ret == t) for t in grammar.types}
    costs = [
        grammar.cost(op) + sum(least[t] for t in op.args) + LITERAL_BITS
        for op in grammar.ops
        if listed.intersection(op.args)
    ]
    return min(costs, default=math.inf)
