"""A random forest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, final

from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import fitted
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class RandomForest(Baseline):
    """The vote of many trees, each grown on a bootstrap sample with random features (Breiman 2001).

    Attributes:
        trees: how many.

    >>> train = Samples.of([("00", 0), ("01", 0), ("10", 1), ("11", 1)] * 5)
    >>> RandomForest().fit(train).predict(["10", "00"])
    [1, 0]
    """

    name: ClassVar[str] = "random_forest"
    trees: int = 100

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The forest; the seed draws samples and features."""
        options = {"n_estimators": self.trees, "random_state": seed}
        return fitted(
            train,
            classifier=partial(RandomForestClassifier, **options),
            regressor=partial(RandomForestRegressor, **options),
        )
