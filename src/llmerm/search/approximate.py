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
    """Keeps the expressions with the shortest description of the labels: program plus exceptions.

    Args:
        samples: how many training samples there are.
        labels: how many different labels.
    """

    def __init__(self, samples: int, labels: int) -> None:
        self._samples = samples
        self._labels = labels
        self._best: list[tuple[float, str, Candidate]] = []

    def note(self, bank: Bank) -> None:
        """Look at the rows that the last level added."""
        for kind in ("bool", "int"):
            if kind in bank.target_blocks:
                self._note(bank, kind)

    def offer(self, expr: Expr, bits: float, mistakes: int, samples: int) -> None:
        """Take an expression that makes so many mistakes on so many samples."""
        score = bits + self._exceptions(mistakes, samples)
        candidate = Candidate(expr, bits, "best effort", consistent=False)
        self._best.append((score, nested(expr), candidate))
        self._best = sorted(self._best, key=lambda item: item[:2])[:KEPT]

    def best(self) -> Iterator[Candidate]:
        """What was kept, best first."""
        for _, _, candidate in self._best:
            yield candidate

    def _note(self, bank: Bank, kind: str) -> None:
        rows, samples = bank.fresh(kind), len(bank.inputs)
        if rows.start < rows.stop:
            wrong = _mistakes(bank, kind, rows)
            for place in np.argsort(wrong, kind="stable")[:KEPT]:
                row = rows.start + int(place)
                self.offer(bank.expr(kind, row), bank.bits(kind, row), int(wrong[place]), samples)

    def _exceptions(self, mistakes: int, samples: int) -> float:
        """The bits to say which samples are exceptions and what their labels are."""
        which = math.log2(math.comb(samples, min(mistakes, samples // 2)))
        labels = mistakes * math.log2(max(1, self._labels - 1))
        return (which + labels) * self._samples / samples + math.log2(mistakes + 1)


def _mistakes(bank: Bank, kind: str, rows: slice) -> Array:
    values, target = bank.columns[kind].values, bank.target_blocks[kind]
    assert isinstance(values, np.ndarray)
    assert isinstance(target, np.ndarray)
    wrong: Array = (values[rows] != target).sum(1)
    return wrong
