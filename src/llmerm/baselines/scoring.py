"""How a baseline does: fitted on the training samples, scored on them and on fresh ones."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from llmerm import losses
from llmerm.baselines.base import Baseline, Predictor
from llmerm.errors import ArgumentError, DataError
from llmerm.losses import Compare, Loss
from llmerm.samples import Samples
from llmerm.typing import Prediction, SampleError, Usage, Value
from llmerm.values import canonical, is_whole


@dataclass(frozen=True)
class Score:
    """A baseline's errors on the samples it was trained on and on others.

    Attributes:
        baseline: its name.
        parameters: all that decides what it learns, beside samples and seed.
        seed: of the fit.
        train_error: the mean loss on the training samples.
        test_error: the mean loss on the test samples.
        seconds: wall time of the fit and of all predictions.
        usage: what was paid, for baselines that ask a model.
    """

    baseline: str
    parameters: Mapping[str, Value]
    seed: int
    train_error: float
    test_error: float
    seconds: float
    usage: Usage = field(default_factory=Usage)

    @property
    def train_accuracy(self) -> float:
        """1 - train error; meaningful for the zero-one loss."""
        return 1.0 - self.train_error

    @property
    def test_accuracy(self) -> float:
        """1 - test error; meaningful for the zero-one loss."""
        return 1.0 - self.test_error

    @property
    def interpolates(self) -> bool:
        """Whether it is right on every training sample."""
        return self.train_error == 0.0


def score(
    baseline: Baseline,
    train: Samples,
    test: Samples,
    *,
    seed: int = 0,
    loss: str | Loss | Compare = "zero_one",
) -> Score:
    """The baseline's errors, once it was fitted on `train` alone.

    Args:
        baseline: as from `baselines.get`.
        train: the training samples.
        test: samples that play no part in the fit.
        seed: of the fit, an integer of at least 0.
        loss: "zero_one", "absolute", "squared", or a function (prediction, label) -> float.

    Raises:
        ArgumentError: if the seed or the loss is out of its range.
        DataError: if a part is empty, or the baseline cannot learn from such samples.

    >>> from llmerm.baselines import get
    >>> train, test = Samples.of([(i, i > 5) for i in range(40)]).split(seed=0)
    >>> score(get("majority"), train, test).test_accuracy
    0.85
    """
    for name, part in (("train", train), ("test", test)):
        if not part:
            raise DataError(f"`{name}` is empty, expected at least 1 pair (x, y).")
    if not is_whole(seed, 0):
        raise ArgumentError(f"`seed` must be an integer of at least 0, got {seed!r}.")
    chosen = losses.resolve(loss, train.outputs)
    started = time.monotonic()
    predictor = baseline.fit(train, seed=seed)
    errors = [_error(predictor, part, chosen) for part in (train, test)]
    return Score(
        baseline=baseline.name,
        parameters=dict(baseline.parameters),
        seed=seed,
        train_error=errors[0],
        test_error=errors[1],
        seconds=time.monotonic() - started,
        usage=getattr(predictor, "usage", Usage()),
    )


def _error(predictor: Predictor, samples: Samples, loss: Loss) -> float:
    predicted = predictor.predict(samples.inputs)
    labels = [canonical(label) for label in samples.outputs]
    error = loss.mean([_plain(prediction) for prediction in predicted], labels)
    if error is None or len(predicted) != len(labels):
        raise DataError(
            f"the predictor gave {len(predicted)} predictions for {len(labels)} inputs, expected "
            "one each. Mend its `predict`."
        )
    return error


def _plain(prediction: Prediction) -> Prediction:
    return prediction if isinstance(prediction, SampleError) else canonical(prediction)
