"""A decision tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, final

from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import fitted
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class DecisionTree(Baseline):
    """One tree of axis-parallel splits (CART), grown until its leaves are pure.

    Attributes:
        max_depth: of the tree; None for no limit.

    >>> train = Samples.of([("00", "no"), ("01", "no"), ("10", "yes"), ("11", "yes")])
    >>> DecisionTree().fit(train).predict(["10"])
    ['yes']
    """

    name: ClassVar[str] = "decision_tree"
    max_depth: int | None = None

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The tree; the seed breaks ties between splits."""
        options = {"max_depth": self.max_depth, "random_state": seed}
        return fitted(
            train,
            classifier=partial(DecisionTreeClassifier, **options),
            regressor=partial(DecisionTreeRegressor, **options),
        )
