"""Logistic regression, and its linear kin for quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from sklearn.linear_model import LogisticRegression as Logistic
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import fitted
from llmerm.proposers.settings import check_above_zero
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class LogisticRegression(Baseline):
    """A linear model with an L2 penalty: logistic for classes, least squares for quantities.

    Attributes:
        penalty: the weight of half the squared norm against the sum of the samples' losses.

    >>> train = Samples.of([("00", 0), ("01", 0), ("10", 1), ("11", 1)])
    >>> LogisticRegression().fit(train).predict(["10", "01"])
    [1, 0]
    """

    name: ClassVar[str] = "logistic_regression"
    penalty: float = 1.0

    def __post_init__(self) -> None:
        check_above_zero(penalty=self.penalty)

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The weights; the seed changes nothing, as the problem is convex."""
        return fitted(
            train,
            classifier=lambda: make_pipeline(
                StandardScaler(), Logistic(C=1 / self.penalty, max_iter=1000)
            ),
            regressor=lambda: make_pipeline(StandardScaler(), Ridge(alpha=self.penalty)),
        )
