"""Integer features whose remainder by a small number tells the classes apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.features import build, candidate
from llmerm.search.values import Array, Mask

LARGEST_MODULUS = 16


class Residues:
    """Solves `f % m == r` and `f % m != r` for the modulus and the remainder."""

    name = "residues"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The remainders of the new integer rows that separate the bank's samples."""
        truth = bank.goal.truth
        if truth is None or "int" not in bank.columns:
            return
        rows = bank.fresh("int")
        block = bank.columns["int"].values[rows]
        assert isinstance(block, np.ndarray)
        if not len(block):
            return
        for modulus in range(2, LARGEST_MODULUS + 1):
            clock.check()
            for place, remainder, equal in _separating(block % modulus, truth):
                expr = _test(bank, bank.expr("int", rows.start + place), modulus, remainder, equal)
                if expr is not None:
                    yield candidate(bank, expr, self.name)


def _separating(remainders: Array, truth: Mask) -> Iterator[tuple[int, int, bool]]:
    """The rows where all samples of one class, and none of the other, have one remainder."""
    for one, other, equal in ((truth, ~truth, True), (~truth, truth, False)):
        first = remainders[:, one][:, :1]
        alone = (remainders[:, one] == first).all(1) & (remainders[:, other] != first).all(1)
        for place in np.nonzero(alone)[0]:
            yield int(place), int(first[place, 0]), equal


def _test(bank: Bank, feature: Expr, modulus: int, remainder: int, equal: bool) -> Expr | None:
    left = build(bank, "mod", feature, ("modulus", modulus))
    return left and build(bank, "== c" if equal else "!= c", left, ("cut", remainder))
