"""What the library's own searches learn, as a predictor: the chosen program, run in the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from llmerm.baselines.base import Predictor
from llmerm.baselines.majority import best_constant
from llmerm.baselines.targets import classes
from llmerm.driver import fit_unattended
from llmerm.errors import ProposerError
from llmerm.proposers.base import Proposer
from llmerm.result import FitResult
from llmerm.samples import Samples
from llmerm.typing import Prediction, Usage, Value


@final
@dataclass(frozen=True)
class Learned:
    """The program that a fit chose."""

    result: FitResult

    @property
    def usage(self) -> Usage:
        """What the fit spent."""
        return self.result.usage

    def predict(self, inputs: Sequence[Value]) -> list[Prediction]:
        """The program's predictions; a `SampleError` where it raised.

        Raises:
            PredictionError: if the program could not be run on these inputs at all.
        """
        return self.result.predict(inputs) if inputs else []


def learned(train: Samples, proposer: Proposer, *, k: int, held_out: float, seed: int) -> Predictor:
    """The program that `llmerm.fit` chooses, or the best constant where no program fits.

    Args:
        train: all that is known; a part of it is held out to choose by.
        proposer: a search, which costs nothing.
        k: candidates at most.
        held_out: the share held out.
        seed: of the split.
    """
    if len(classes(train.outputs).labels) == 1:
        return best_constant(train)
    try:
        result = fit_unattended(
            train, k, proposer=proposer, held_out=held_out, seed=seed, progress=None
        )
    except ProposerError:  # the search ended without a single candidate
        return best_constant(train)
    return best_constant(train) if result.chosen is None else Learned(result)
