"""A cell whose method is a baseline: it is trained on all samples."""

from __future__ import annotations

from llmerm.baselines import Baseline
from llmerm.errors import LlmermError, PredictionError
from llmerm.experiments.cell import Cell
from llmerm.experiments.learned import Learned
from llmerm.experiments.outcome import Outcome
from llmerm.losses import ZERO_ONE
from llmerm.samples import Samples
from llmerm.values import canonical


def trained(baseline: Baseline, cell: Cell, samples: Samples) -> Learned:
    """The trained baseline's outcome, and its accuracy.

    Raises:
        LlmermError: if it cannot be trained on these samples.
    """
    try:
        predictor = baseline.fit(samples, seed=cell.seed)
    except LlmermError:
        raise
    except Exception as error:  # a baseline may be anybody's code; the sweep goes on
        raise PredictionError(f"{baseline.name} could not be trained: {error!r:.300}") from error

    def accuracy(test: Samples) -> float:
        try:
            predictions = predictor.predict(test.inputs)
        except LlmermError:
            raise
        except Exception as error:  # as above
            raise PredictionError(f"{baseline.name} gave no answers: {error!r:.300}") from error
        labels = [canonical(y) for y in test.outputs]
        return 1.0 - (ZERO_ONE.mean([canonical(p) for p in predictions], labels) or 0.0)

    return Learned(Outcome(status="trained", train_accuracy=accuracy(samples)), accuracy)
