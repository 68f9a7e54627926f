"""Gradient boosting, as XGBoost has it: the published table's tabular baseline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, final

from xgboost import XGBClassifier, XGBRegressor

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import THREADS, fitted
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class XGBoost(Baseline):
    """Regularised gradient boosting (Chen and Guestrin 2016), with XGBoost's own defaults.

    Attributes:
        rounds: how many trees, for each label where there are more than two.
        max_depth: of a tree.
        learning_rate: the weight of each tree.

    >>> train = Samples.of([("00", 0), ("01", 0), ("10", 1), ("11", 1)] * 5)
    >>> XGBoost().fit(train).predict(["10", "00"])
    [1, 0]
    """

    name: ClassVar[str] = "xgboost"
    rounds: int = 100
    max_depth: int = 6
    learning_rate: float = 0.3

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The sum of trees. With these settings nothing in it is random."""
        options = {
            "n_estimators": self.rounds,
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
            "random_state": seed,
            "n_jobs": THREADS,
        }
        return fitted(
            train,
            classifier=partial(XGBClassifier, **options),
            regressor=partial(XGBRegressor, **options),
        )
