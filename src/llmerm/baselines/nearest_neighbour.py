"""The nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import fitted
from llmerm.samples import Samples


@final
@dataclass(frozen=True, kw_only=True)
class NearestNeighbour(Baseline):
    """The label of the nearest training input, each column scaled to unit variance.

    Attributes:
        neighbours: how many vote; with fewer samples all of them do.

    >>> train = Samples.of([("0000", "a"), ("1111", "b")])
    >>> NearestNeighbour().fit(train).predict(["0001", "1011"])
    ['a', 'b']
    """

    name: ClassVar[str] = "nearest_neighbour"
    neighbours: int = 1

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The training samples by heart; the seed changes nothing."""
        options = {"n_neighbors": min(self.neighbours, len(train))}
        return fitted(
            train,
            classifier=lambda: make_pipeline(StandardScaler(), KNeighborsClassifier(**options)),
            regressor=lambda: make_pipeline(StandardScaler(), KNeighborsRegressor(**options)),
        )
