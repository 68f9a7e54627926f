"""The program that the embedded search finds, as a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.learned import learned
from llmerm.proposers import enumerator as search
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class Enumerate(Baseline):
    """The program that `llmerm.fit` chooses with the proposer "enumerate".

    It is chosen on a part of the training samples that is held out. The search ends by the clock,
    so on a slower machine it may find less.

    Attributes:
        k: candidates at most.
        held_out: the share of the training samples that candidates are chosen on.
        seconds: wall time of the search.

    >>> Enumerate(seconds=2.0).fit(Samples.of([(i, i % 2) for i in range(80)])).predict([10, 11])
    [0, 1]
    """

    name: ClassVar[str] = "enumerate"
    k: int = 16
    held_out: float = 0.5
    seconds: float = 6.0

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The chosen program, run in the sandbox; the seed is that of the split."""
        proposer = search.Enumerate(seconds=self.seconds)
        return learned(train, proposer, k=self.k, held_out=self.held_out, seed=seed)
