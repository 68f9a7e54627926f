"""A cell whose method is a baseline: it is trained on all samples."""

from __future__ import annotations

from llmerm.baselines import Baseline
from llmerm.errors import LlmermError, PredictionError
from llmerm.experiments.cell import Cell
from llmerm.experiments.learned import Learned
from llmerm.experiments.outcome import Outcome
from llmerm.losses import ZERO_ONE
from llmerm.samples import Samples
from llmerm.typing import Prediction, SampleError, Usage
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
        wrong = ZERO_ONE.mean([_plain(one) for one in predictions], labels)
        if wrong is None or len(predictions) != len(labels):
            raise PredictionError(
                f"{baseline.name} gave {len(predictions)} of {len(labels)} answers."
            )
        return 1.0 - wrong

    on_train = accuracy(samples)
    usage = getattr(predictor, "usage", Usage())  # of baselines that ask a model
    return Learned(Outcome(status="trained", train_accuracy=on_train, usage=usage), accuracy)


def _plain(prediction: Prediction) -> Prediction:
    return prediction if isinstance(prediction, SampleError) else canonical(prediction)
