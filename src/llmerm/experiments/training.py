"""A cell whose method is a baseline: it is trained on all samples."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from llmerm.baselines import Baseline, Predictor
from llmerm.baselines.in_context import InContext
from llmerm.errors import LlmermError, PredictionError
from llmerm.experiments.cell import Cell
from llmerm.experiments.learned import Learned
from llmerm.experiments.outcome import Outcome
from llmerm.losses import ZERO_ONE
from llmerm.purse import Purse
from llmerm.samples import Samples
from llmerm.typing import Budget, Prediction, SampleError, Usage, Value
from llmerm.values import canonical

ASKED = 200
"""Test samples at most where each answer is a call to a model."""


def trained(
    baseline: Baseline,
    cell: Cell,
    samples: Samples,
    *,
    ledger: str | os.PathLike[str] | None,
    budget: Budget,
    purse: Purse | None = None,
) -> Learned:
    """The trained baseline's outcome, and its accuracy.

    One that asks a model for each label is not asked for those that it is shown.

    Raises:
        LlmermError: if it cannot be trained on these samples.
    """
    asks = isinstance(baseline, InContext)
    if isinstance(baseline, InContext):
        baseline = replace(baseline, ledger=ledger, budget=budget, purse=purse)
    predictor = _fitted(baseline, samples, cell.seed)

    def accuracy(test: Samples) -> float:
        return _accuracy(baseline.name, predictor, test)

    on_train = None if asks else accuracy(samples)
    return Learned(
        Outcome(status="trained", train_accuracy=on_train),
        accuracy,
        lambda: getattr(predictor, "usage", Usage()),  # of those that ask a model
        ASKED if asks else None,
    )


def _fitted(baseline: Baseline, samples: Samples, seed: int) -> Predictor:
    try:
        return baseline.fit(samples, seed=seed)
    except LlmermError:
        raise
    except Exception as error:  # a baseline may be anybody's code; the sweep goes on
        raise PredictionError(f"{baseline.name} could not be trained: {error!r:.300}") from error


def _accuracy(name: str, predictor: Predictor, test: Samples) -> float:
    predictions = _predictions(name, predictor, test.inputs)
    labels = [canonical(y) for y in test.outputs]
    wrong = ZERO_ONE.mean([_plain(one) for one in predictions], labels)
    if wrong is None or len(predictions) != len(labels):
        raise PredictionError(
            f"{name} gave {len(predictions)} answers for {len(labels)} inputs, expected one each."
        )
    return 1.0 - wrong


def _predictions(name: str, predictor: Predictor, inputs: Sequence[Value]) -> Sequence[Prediction]:
    try:
        return predictor.predict(inputs)
    except LlmermError:
        raise
    except Exception as error:  # as above
        raise PredictionError(f"{name} gave no answers: {error!r:.300}") from error


def _plain(prediction: Prediction) -> Prediction:
    return prediction if isinstance(prediction, SampleError) else canonical(prediction)
