"""What the baselines made of scikit-learn's estimators share: arrays in, labels out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, final

from numpy.typing import ArrayLike
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from llmerm.baselines.base import Predictor
from llmerm.baselines.columns import Matrix
from llmerm.baselines.encoding import Encoding
from llmerm.baselines.majority import best_constant
from llmerm.baselines.targets import Classes, Targets, targets
from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.typing import Value

THREADS = 1
"""Threads of an estimator: sums depend on how they are shared out, and more are slower on a
machine that is busy otherwise."""


class Estimator(Protocol):
    """What is asked of an estimator of scikit-learn's kind."""

    def fit(self, inputs: Matrix, target: ArrayLike) -> object:
        """Learns."""

    def predict(self, inputs: Matrix) -> ArrayLike:
        """One prediction a row."""


@final
@dataclass(frozen=True)
class Fitted:
    """A fitted estimator, between the encoding of inputs and that of labels."""

    encoding: Encoding
    targets: Targets
    estimator: Estimator

    def predict(self, inputs: Sequence[Value]) -> list[Value]:
        """One prediction per input, of the training labels' own types."""
        if not inputs:
            return []
        with _settled():
            return self.targets.decode(self.estimator.predict(self.encoding.matrix(inputs)))


def fitted(
    train: Samples, *, classifier: Callable[[], Estimator], regressor: Callable[[], Estimator]
) -> Predictor:
    """A predictor from the estimator that fits the labels.

    Args:
        train: the samples. If they have one label only, it is predicted for all.
        classifier: makes the estimator for labels that are classes, told as 0, 1, 2, ...
        regressor: makes the one for labels that are quantities.

    Raises:
        ArgumentError: if the estimator refuses its parameters or the data, in its own words.
    """
    found = targets(train.outputs)
    if len(set(found.array.tolist())) == 1:
        return best_constant(train)
    encoding = Encoding.of(train.inputs)
    estimator = classifier() if isinstance(found, Classes) else regressor()
    try:
        with _settled():
            estimator.fit(encoding.matrix(train.inputs), found.array)
    except ValueError as error:
        raise ArgumentError(f"the estimator refuses: {error}") from error
    return Fitted(encoding, found, estimator)


@contextmanager
def _settled() -> Iterator[None]:
    """Few threads, and no warning that training ended at its limit: the errors tell."""
    with threadpool_limits(THREADS), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
