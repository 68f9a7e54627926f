"""Symbolic regression by genetic programming, as gplearn has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, final

from gplearn.genetic import SymbolicClassifier, SymbolicRegressor

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.estimators import fitted
from llmerm.baselines.targets import Classes, targets, two_classes
from llmerm.errors import ArgumentError
from llmerm.samples import Samples

_TOURNAMENT = 20
"""Formulas that compete for each place in the next generation."""


@final
@dataclass(frozen=True, kw_only=True)
class Gplearn(Baseline):
    """An arithmetic formula over the inputs' columns, bred by genetic programming (Koza 1992).

    For classes the formula's sign decides, so there may be two of them.

    Attributes:
        population: formulas in a generation, at least 20.
        generations: how many.

    >>> train = Samples.of([("00", "no"), ("01", "no"), ("10", "yes"), ("11", "yes")])
    >>> Gplearn(population=50, generations=3).fit(train).predict(["10"])
    ['yes']
    """

    name: ClassVar[str] = "gplearn"
    population: int = 1000
    generations: int = 20

    def __post_init__(self) -> None:
        if self.population < _TOURNAMENT or self.generations < 1:
            raise ArgumentError(
                f"`population` must be at least {_TOURNAMENT} and `generations` at least 1, got "
                f"{self.population!r} and {self.generations!r}. Try population=1000, "
                "generations=20."
            )

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The best formula; the seed draws the first ones and what becomes of them.

        Raises:
            DataError: if there are more than two labels.
        """
        if isinstance(targets(train.outputs), Classes):
            two_classes(train.outputs, self.name)
        options = {
            "population_size": self.population,
            "tournament_size": _TOURNAMENT,
            "generations": self.generations,
            "random_state": seed,
        }
        return fitted(
            train,
            classifier=partial(SymbolicClassifier, **options),
            regressor=partial(SymbolicRegressor, **options),
        )
