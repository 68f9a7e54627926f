"""A multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import Estimator, fitted
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class Mlp(Baseline):
    """A network of two hidden layers of 256 rectified units, trained by Adam.

    Attributes:
        hidden: units of each hidden layer.
        learning_rate: of Adam, constant.
        epochs: passes over the samples, at most; training ends before where the loss stands still.

    >>> train = Samples.of([("00", 0), ("01", 1), ("10", 1), ("11", 0)] * 8)
    >>> Mlp(hidden=(16,)).fit(train).predict(["01", "11"])
    [1, 0]
    """

    name: ClassVar[str] = "mlp"
    hidden: tuple[int, ...] = (256, 256)
    learning_rate: float = 1e-3
    epochs: int = 200

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The network; the seed draws its first weights and the order of the samples."""
        options = {
            "hidden_layer_sizes": self.hidden,
            "learning_rate_init": self.learning_rate,
            "max_iter": self.epochs,
            "random_state": seed,
        }
        return fitted(
            train,
            classifier=lambda: make_pipeline(StandardScaler(), MLPClassifier(**options)),
            regressor=lambda: _regressor(options),
        )


def _regressor(options: Mapping[str, object]) -> Estimator:
    """Quantities are scaled, too: the network begins near 0."""
    network = make_pipeline(StandardScaler(), MLPRegressor(**options))
    scaled: Estimator = TransformedTargetRegressor(network, transformer=StandardScaler())
    return scaled
