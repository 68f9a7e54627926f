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

GONE = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "PACKAGE":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Gone())
"""
"""Makes a package one that is not installed."""


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
    assert {"majority", "low_degree"} <= set(baselines.available()) <= set(baselines.names())
    for name in NAMES - {"transformer"}:
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
    with pytest.raises(ArgumentError, match="in_context needs the parameter 'model'"):
        baselines.get("in_context")
    with pytest.raises(ArgumentError, match="belongs to a built-in baseline"):
        baselines.register(type("Mine", (First,), {"name": "mlp"}))


@pytest.mark.parametrize("package", ["sklearn", "xgboost", "gplearn", "torch"])
def test_a_missing_package_is_told_with_the_extra_that_brings_it(package):
    """Just the names that are not available raise the error that names the extra."""
    told = run(
        GONE.replace("PACKAGE", package)
        + """
from llmerm import baselines
from llmerm.errors import MissingExtraError
missing = {}
for name in sorted({"mlp", "majority", "xgboost", "gplearn", "transformer"} - set(INSTALLED)):
    try:
        baselines.registry._CATALOGUE.find(name)
    except MissingExtraError as error:
        assert isinstance(error, ImportError)
        missing[name] = str(error)
    assert (name in missing) == (name not in baselines.available()), name
print(missing)
""".replace("INSTALLED", "[]" if package == "torch" else "['transformer']")
    )
    assert f"needs the package {package}" in told
    assert f"pip install 'llmerm[{package}]'." in told


def test_nothing_optional_is_loaded_before_it_is_asked_for():
    """`import llmerm.baselines` and the exact baselines load no scikit-learn, torch or xgboost."""
    loaded = run(
        "import sys; from llmerm import baselines as b\n"
        "for name in ('majority', 'gf2_elimination', 'low_degree'): b.get(name)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    assert not any(name in loaded for name in ("'sklearn'", "'torch'", "'xgboost'", "'gplearn'"))
