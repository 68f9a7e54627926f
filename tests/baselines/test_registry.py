"""Baselines by name, your own and those whose packages are missing included."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from llmerm import baselines
from llmerm.baselines import Baseline, registry
from llmerm.errors import ArgumentError, UnknownNameError

NAMES = {
    "decision_tree", "enumerate", "gf2_elimination", "gplearn", "gradient_boosting", "in_context",
    "length_first", "logistic_regression", "low_degree", "majority", "mlp", "nearest_neighbour",
    "random_forest", "transformer", "xgboost",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class First(Baseline):
    """A user's baseline: the first label, always."""

    name: ClassVar[str] = "first"
    times: int = 1

    def fit(self, train, *, seed=0):
        return baselines.get("majority").fit(train[:1])


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_names_are_these():
    """All built-in names, each of a class that says the same name."""
    assert set(baselines.names()) >= NAMES
    for name in set(baselines.available()) & NAMES:
        assert registry._CATALOGUE.find(name).name == name


def test_a_registered_baseline_is_found_like_a_built_in_one(monkeypatch):
    """`register` puts a subclass into `names` and `get`, with its own parameters."""
    monkeypatch.setattr(registry, "_CATALOGUE", replace(registry._CATALOGUE, registered={}))
    assert baselines.register(First) is First
    assert "first" in baselines.names()
    assert "first" in baselines.available()
    assert baselines.get("first", times=2) == First(times=2)


def test_wrong_names_are_refused():
    """A near name is offered, parameters are listed, built-in names are taken."""
    with pytest.raises(
        UnknownNameError, match=r"unknown baseline 'majorty'\. Did you mean 'majority'"
    ):
        baselines.get("majorty")
    with pytest.raises(ArgumentError, match=r"no parameter 'depth'\. It accepts: max_depth"):
        baselines.get("decision_tree", depth=3)
    with pytest.raises(ArgumentError, match=r"no parameter 'k'\. It accepts: none"):
        baselines.get("majority", k=3)
    with pytest.raises(ArgumentError, match="belongs to a built-in baseline"):
        baselines.register(type("Mine", (First,), {"name": "mlp"}))


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [
        ("decision_tree", "sklearn", "sklearn"),
        ("mlp", "sklearn", "sklearn"),
        ("xgboost", "xgboost", "xgboost"),
        ("gplearn", "gplearn", "gplearn"),
        ("transformer", "torch", "torch"),
    ],
)
def test_a_missing_package_is_told_with_the_extra_that_brings_it(name, package, extra):
    """One clear error names the extra; the name is not available; others still are."""
    told = run(
        f"import sys; sys.modules[{package!r}] = None\n"
        "from llmerm import baselines\n"
        "from llmerm.errors import MissingExtraError\n"
        f"assert {name!r} in baselines.names() and {name!r} not in baselines.available()\n"
        "assert 'majority' in baselines.available()\n"
        f"try: baselines.get({name!r})\n"
        "except MissingExtraError as error: print(error, isinstance(error, ImportError))"
    )
    assert f"the baseline '{name}' needs the package {package}" in told
    assert f"pip install 'llmerm[{extra}]'. True" in told


def test_nothing_optional_is_loaded_before_it_is_asked_for():
    """`import llmerm.baselines` and the exact baselines load no scikit-learn, torch or xgboost."""
    loaded = run(
        "import sys; from llmerm import baselines as b\n"
        "for name in ('majority', 'gf2_elimination', 'low_degree'): b.get(name)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    assert not any(name in loaded for name in ("'sklearn'", "'torch'", "'xgboost'", "'gplearn'"))
