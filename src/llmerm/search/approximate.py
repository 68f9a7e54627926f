"""The best programs that do not fit all samples: for the case that none does."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.expression import Expr, nested
from llmerm.search.values import Array

KEPT = 12


class Approximations:
    """Keeps the rows of a bank that are nearest to the goal, weighed against their length."""

    def __init__(self) -> None:
        self._best: list[tuple[float, str, float, Expr]] = []

    def note(self, bank: Bank) -> None:
        """Look at the rows that the level in progress added."""
        for kind in ("bool", "int"):
            if kind in bank.target_blocks:
                self._note(bank, kind)

    def offer(self, expr: Expr, bits: float, mistakes: int, samples: int) -> None:
        """Take an expression that makes so many mistakes on so many samples."""
        self._best.append((bits + _surprise(samples)[mistakes], nested(expr), bits, expr))
        self._best = sorted(self._best, key=lambda item: item[:2])[:KEPT]

    def best(self) -> Iterator[Candidate]:
        """The expressions, best first."""
        for _, _, bits, expr in self._best:
            yield Candidate(expr, bits, "best effort", consistent=False)

    def _note(self, bank: Bank, kind: str) -> None:
        rows = bank.fresh(kind)
        if rows.start == rows.stop:
            return
        samples = len(bank.inputs)
        wrong = _mistakes(bank, kind, rows)
        for place in np.argsort(wrong, kind="stable")[:KEPT]:
            row = rows.start + int(place)
            self.offer(bank.expr(kind, row), bank.bits(kind, row), int(wrong[place]), samples)


def _mistakes(bank: Bank, kind: str, rows: slice) -> Array:
    values, target = bank.columns[kind].values, bank.target_blocks[kind]
    assert isinstance(values, np.ndarray)
    assert isinstance(target, np.ndarray)
    wrong: Array = (values[rows] != target).sum(1)
    return wrong


def _surprise(samples: int) -> list[float]:
    """The bits to say which of the samples are wrong, by how many."""
    return [math.log2(math.comb(samples, e)) + math.log2(e + 1) for e in range(samples + 1)]
