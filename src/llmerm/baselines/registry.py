"""Baselines by name: the built-in ones, those of installed packages, and your own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from llmerm.baselines.base import Baseline
from llmerm.catalogue import Catalogue
from llmerm.extras import is_installed

GROUP = "llmerm.baselines"
"""The entry-point group through which a package offers its baselines."""

_BUILT_IN: Mapping[str, str] = {
    "decision_tree": "DecisionTree",
    "enumerate": "Enumerate",
    "gf2_elimination": "Gf2Elimination",
    "gplearn": "Gplearn",
    "gradient_boosting": "GradientBoosting",
    "in_context": "InContext",
    "length_first": "LengthFirst",
    "logistic_regression": "LogisticRegression",
    "low_degree": "LowDegree",
    "majority": "Majority",
    "mlp": "Mlp",
    "nearest_neighbour": "NearestNeighbour",
    "random_forest": "RandomForest",
    "transformer": "Transformer",
    "xgboost": "XGBoost",
}
_SKLEARN = ("sklearn",)
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "decision_tree": _SKLEARN,
    "gplearn": ("gplearn", "sklearn"),
    "gradient_boosting": _SKLEARN,
    "logistic_regression": _SKLEARN,
    "mlp": _SKLEARN,
    "nearest_neighbour": _SKLEARN,
    "random_forest": _SKLEARN,
    "transformer": ("torch",),
    "xgboost": ("xgboost", "sklearn"),
}
"""The optional packages that one imports."""
_CATALOGUE: Catalogue[Baseline] = Catalogue(
    "baseline",
    Baseline,  # type: ignore[type-abstract]  # only its subclasses are made
    GROUP,
    {name: f"llmerm.baselines.{name}:{made}" for name, made in _BUILT_IN.items()},
)
_Made = TypeVar("_Made", bound=type[Baseline])


def names() -> tuple[str, ...]:
    """The names that `get` knows, in alphabetical order.

    >>> "majority" in names()
    True
    """
    return _CATALOGUE.names()


def available() -> tuple[str, ...]:
    """The names whose packages are installed here; nothing is imported to find out.

    >>> set(available()) <= set(names())
    True
    """
    return tuple(name for name in names() if all(map(is_installed, _NEEDS.get(name, ()))))


def get(name: str, **parameters: object) -> Baseline:
    """The baseline of this name; what is left out of its parameters takes its default.

    Args:
        name: a name out of `names()`.
        **parameters: the fields of its class.

    Raises:
        UnknownNameError: if there is no such baseline.
        ArgumentError: if it has no such parameter, or needs one that is not given.
        MissingExtraError: if it needs a package that is not installed; it says which extra.

    >>> get("majority")
    Majority()
    """
    return _CATALOGUE.get(name, parameters)


def register(baseline: _Made) -> _Made:
    """Make a `Baseline` subclass known to `get` under its `name`; usable as a class decorator.

    Registering a name again replaces your earlier one, so a notebook cell can be run twice.

    Raises:
        ArgumentError: if the library itself has a baseline of this name.
    """
    return _CATALOGUE.register(baseline)
