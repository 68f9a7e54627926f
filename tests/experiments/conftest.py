"""Quick cells: a method that costs nothing, and a search that ends at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llmerm.experiments.cell import Cell
from llmerm.experiments.methods import Method
from llmerm.experiments.options import Options

BASE = Cell(
    bench="test",
    title="parity",
    task="parity",
    task_parameters={"n": 20},
    method=Method.of("majority"),
    m=60,
    seed=0,
    n_test=400,
)


@pytest.fixture
def cell():
    """A cell like the base, with changes; `method` may be a name."""

    def make(**changes):
        if isinstance(changes.get("method"), str):
            changes["method"] = Method.of(changes["method"])
        return replace(BASE, **changes)

    return make


@pytest.fixture
def options():
    """Options of a small experiment, with changes."""

    def make(**changes):
        small = {
            "tasks": ("parity",),
            "methods": ("enumerate", "majority"),
            "m": (80,),
            "n": 12,
            "seeds": (0, 1),
            "n_test": 300,
            "k": 4,
        }
        return Options(**{**small, **changes})

    return make
