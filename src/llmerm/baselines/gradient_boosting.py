"""Gradient boosting, as scikit-learn has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, final

from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import fitted
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class GradientBoosting(Baseline):
    """A sum of trees, each fitted to what the earlier ones leave (Friedman 2001), on histograms.

    Attributes:
        rounds: how many trees, for each label where there are more than two.
        learning_rate: the weight of each tree.
        smallest_leaf: samples that a leaf must have.

    >>> train = Samples.of([("00", 0), ("01", 0), ("10", 1), ("11", 1)] * 5)
    >>> GradientBoosting().fit(train).predict(["10", "00"])
    [1, 0]
    """

    name: ClassVar[str] = "gradient_boosting"
    rounds: int = 100
    learning_rate: float = 0.1
    smallest_leaf: int = 5

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The sum of trees; the seed draws the samples that bins are made of, if there are many."""
        options = {
            "max_iter": self.rounds,
            "learning_rate": self.learning_rate,
            "min_samples_leaf": self.smallest_leaf,
            "early_stopping": False,
            "random_state": seed,
        }
        return fitted(
            train,
            classifier=partial(HistGradientBoostingClassifier, **options),
            regressor=partial(HistGradientBoostingRegressor, **options),
        )
