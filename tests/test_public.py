"""The public surface: one list of names, loaded when asked for, documented."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import llmerm

MODULES = sorted(m.name for m in pkgutil.walk_packages(llmerm.__path__, "llmerm."))
OPTIONAL = {
    "llmerm.baselines.network": "torch",
    "llmerm.baselines.transformer": "torch",
    "llmerm.sandbox.monty": "pydantic_monty",
}
NAMES = [
    "Budget", "Certificate", "FitResult", "Ledger", "LlmermError", "Program", "Proposal", "Proposer",
    "ReplayProposer", "Samples", "ScriptedProposer", "Task", "__version__", "certificates", "controls", "errors",
    "fit", "fit_async", "forecast", "proposers", "sandbox", "split", "task", "tasks", "verify",
]  # fmt: skip


def test_the_public_names_are_these():
    """At most 25, all of them there, and nothing else in dir()."""
    assert llmerm.__all__ == NAMES == dir(llmerm)
    assert len(NAMES) <= 25
    assert all(getattr(llmerm, name) is not None for name in NAMES)
    with pytest.raises(AttributeError, match="no attribute 'fitt'"):
        _ = llmerm.fitt


def test_importing_the_package_loads_nothing_else():
    """`import llmerm` imports one module of ours and no dependency."""
    code = "import sys; before = set(sys.modules); import llmerm; print(*sorted(set(sys.modules) - before))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name for name in seen.stdout.split() if name.split(".")[0] not in sys.stdlib_module_names} == {
        "llmerm", "llmerm.version",
    }  # fmt: skip


def test_the_layers_are_drawn_as_they_are_held():
    """The drawing for contributors has the modules of the import contract, in its order."""
    root = Path(__file__).parents[1]
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    held = [{*layer.split(" | ")} for layer in contracts["contracts"][0]["layers"]]
    text = (root / "CONTRIBUTING.md").read_text()
    drawing = re.search(r"holds it:\n\n((?:    .*\n)+)", text)[1]
    drawn = [{*layer.split(", ")} for layer in " ".join(drawing.split()).split(" < ")]
    assert drawn == held[::-1]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name):
    """Every `>>>` line of every module gives what it says."""
    if name in ("llmerm.sandbox.child", "llmerm.__main__"):
        pytest.skip("it runs as a program of its own")
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name])
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0


@pytest.mark.parametrize("name", [n for n in NAMES if n != "__version__"])
def test_public_names_are_documented(name):
    """Each has a docstring; functions and classes say what one gets in a first sentence."""
    thing = getattr(llmerm, name)
    text = inspect.getdoc(thing)
    assert text
    assert text.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("name", ["controls", "fit", "verify"])
def test_the_main_functions_show_a_runnable_line(name):
    """A newcomer can paste it."""
    assert ">>>" in inspect.getdoc(getattr(llmerm, name))
