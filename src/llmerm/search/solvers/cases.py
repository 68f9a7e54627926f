"""Numbers by cases: one expression where a truth value holds, another where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT
from llmerm.search.solvers.features import candidate
from llmerm.search.values import Array, Keys, pack

EVERY_BITS = 2
BRANCHES = 160
"""Expressions that may be a branch: those that give most labels for their bits."""

LEAST = 2
"""A branch gives at least so many labels, or it would be a constant for one sample."""

MOST_TESTS = 6000
MOST_PAIRS = 2000
HANDED_ON = 6
OPERATORS = {"int": "if int", "float": "if float"}


class _Choice(NamedTuple):
    bits: float
    test: int
    yes: int
    no: int


class Cases:
    """Solves `a if t else b` for the three, where each gives the labels on its side."""

    name = "cases"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shortest choices between two of the bank's numbers, every few bits of the search."""
        due = bank.unit % (EVERY_BITS * UNIT) == 0
        if not due or bank.whole.truth is not None or "bool" not in bank.columns:
            return  # of two labels one is what a truth value alone says
        for kind, name in OPERATORS.items():
            if kind in bank.target_blocks and name in bank.grammar:
                for found in _cheapest(bank, kind, clock):
                    parts = zip(("bool", kind, kind), found[1:], strict=True)
                    args = tuple(bank.expr(t, row) for t, row in parts)
                    yield candidate(bank, Expr(bank.grammar[name], args), self.name)


def _cheapest(bank: Bank, kind: str, clock: Clock) -> list[_Choice]:
    rows, right = _branches(bank, kind)
    tests = bank.columns["bool"].keys[:MOST_TESTS]
    everywhere = _everywhere(bank)
    pairs = ((i, j) for i in range(len(rows)) for j in _complements(right, i, everywhere))
    cheapest = sorted(pairs, key=lambda pair: int(rows[pair[0]] + rows[pair[1]]))[:MOST_PAIRS]
    found = [
        _choice(bank, kind, test, int(rows[i]), int(rows[j]))
        for i, j in cheapest
        for test in _telling(tests, right[i], right[j], everywhere, clock)
    ]
    return sorted(found)[:HANDED_ON]


def _complements(right: Keys, i: int, everywhere: np.uint64) -> list[int]:
    """The branches that give all labels that branch i does not."""
    found: list[int] = np.flatnonzero((right[i] | right) == everywhere).tolist()
    return found


def _telling(
    tests: Keys, yes: np.uint64, no: np.uint64, everywhere: np.uint64, clock: Clock
) -> list[int]:
    """The cheapest truth value that holds only where `yes` is right, and fails where `no` is."""
    clock.check()
    fitting = np.flatnonzero((tests & ~yes == 0) & (~tests & everywhere & ~no == 0))
    first: list[int] = fitting[:1].tolist()
    return first


def _choice(bank: Bank, kind: str, test: int, yes: int, no: int) -> _Choice:
    bits = bank.bits("bool", test) + bank.bits(kind, yes) + bank.bits(kind, no)
    return _Choice(bits, test, yes, no)


def _everywhere(bank: Bank) -> np.uint64:
    return np.uint64(2 ** len(bank.inputs) - 1)


def _branches(bank: Bank, kind: str) -> tuple[Array, Keys]:
    """The rows that give most labels for their bits, and the samples whose labels they give."""
    column = bank.columns[kind]
    values, goal = column.values, bank.target_blocks[kind]
    assert isinstance(values, np.ndarray)
    assert isinstance(goal, np.ndarray)
    right = np.isclose(values, goal, rtol=1e-9, atol=0) if kind == "float" else values == goal
    count = right.sum(1)
    rows = np.flatnonzero((count >= LEAST) & (count < len(bank.inputs)))
    costs = np.searchsorted(column.ends, rows, side="right") / UNIT
    worth = bank.goal.carried_bits / max(1, len(bank.inputs))
    order = np.argsort(costs - worth * count[rows], kind="stable")[:BRANCHES]
    rows = rows[order]
    return rows, pack(right[rows])
