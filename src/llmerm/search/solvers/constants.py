"""Integer labels that are a feature plus, times, divided by or modulo one constant."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.solvers.features import build, candidate
from llmerm.search.values import Array

LARGEST_DIVISOR = 20
LITERALS = {"* c": "modulus", "div": "modulus", "mod": "modulus", "min c": "cut", "max c": "cut"}
"""The types of the operators' constants, where these are not plain places."""


class Constants:
    """Solves `f + c`, `f - c`, `f * c`, `f // c`, `f % c`, min and max for the constant."""

    name = "constants"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The new integer rows that one constant turns into the labels."""
        if "int" not in bank.target_blocks:
            return
        rows, goal = bank.fresh("int"), bank.target_blocks["int"]
        block = bank.columns["int"].values[rows]
        assert isinstance(block, np.ndarray)
        assert isinstance(goal, np.ndarray)
        for place, name, constant in _solutions(block, goal):
            clock.check()
            literal = LITERALS.get(name, "place")
            expr = build(bank, name, bank.expr("int", rows.start + place), (literal, constant))
            if expr is not None:
                yield candidate(bank, expr, self.name)


def _solutions(block: Array, goal: Array) -> Iterator[tuple[int, str, int]]:
    gap = goal - block
    for place in np.nonzero((gap == gap[:, :1]).all(1) & (gap[:, 0] != 0))[0]:
        constant = int(gap[place, 0])
        yield int(place), "+ c" if constant > 0 else "- c", abs(constant)
    for name, bound, limit in (
        ("min c", np.minimum, goal.max()),
        ("max c", np.maximum, goal.min()),
    ):
        for place in np.nonzero((bound(block, limit) == goal).all(1) & (gap != 0).any(1))[0]:
            yield int(place), name, int(limit)
    for divisor in range(2, LARGEST_DIVISOR + 1):
        for place in np.nonzero((block // divisor == goal).all(1))[0]:
            yield int(place), "div", divisor
        for place in np.nonzero((block * divisor == goal).all(1))[0]:
            yield int(place), "* c", divisor
    if (goal >= 0).all():
        yield from _remainders(gap, int(goal.max()))


def _remainders(gap: Array, largest: int) -> Iterator[tuple[int, str, int]]:
    """F % m is the goal where m divides all gaps and is more than the largest label."""
    common = np.gcd.reduce(np.abs(gap), axis=1)
    for place in np.nonzero(common > max(largest, 1))[0]:
        whole = int(common[place])
        smallest = next(
            (m for m in range(max(2, largest + 1), min(whole, 1000) + 1) if gcd(m, whole) == m),
            whole,
        )
        yield int(place), "mod", smallest
