"""Cells and methods: what identifies a measurement."""

from __future__ import annotations

import subprocess
import sys

import pytest

from llmerm.errors import ArgumentError, UnknownNameError
from llmerm.experiments.methods import Method
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Checked, Drawn, Outcome
from llmerm.ledger import LedgerError
from llmerm.proposers.enumerator import Enumerate
from llmerm.typing import Usage


def test_each_part_of_a_cell_changes_its_key(cell):
    """And the same cell has the same one."""
    changes = [
        {}, {"bench": "b"}, {"task": "half_parity"}, {"task_parameters": {"n": 21}}, {"m": 61},
        {"seed": 1}, {"k": 3}, {"n_test": 401}, {"lengths": (30,)}, {"probe": "noise"},
        {"test_probes": ("longer",)}, {"every_candidate": True}, {"method": "enumerate"},
        {"method": Method.of(Enumerate(seconds=1.0))},
    ]  # fmt: skip
    keys = [cell(**change).key for change in changes]
    assert len(set(keys)) == len(changes)
    assert keys == [cell(**change).key for change in changes]


def test_a_key_is_the_same_in_another_process(cell):
    """Whatever Python's hash seed."""
    code = (
        "from llmerm.experiments.cell import Cell\nfrom llmerm.experiments.methods import Method\n"
        "print(Cell(bench='test', title='parity', task='parity', task_parameters={'n': 20}, "
        "method=Method.of('majority'), m=60, seed=0, n_test=400).key)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == cell().key


def test_a_method_is_a_proposer_before_it_is_a_baseline():
    """By name or as the object itself."""
    assert [Method.of(name).kind for name in ("enumerate", "length_first", "majority")] == [
        "proposer", "proposer", "baseline",
    ]  # fmt: skip
    made = Method.of(Enumerate(seconds=2.0), label="two seconds")
    assert (made.label, made.parameters["seconds"]) == ("two seconds", 2.0)
    assert made.make().seconds == 2.0


@pytest.mark.parametrize(
    ("name", "near"), [("enumarate", "enumerate"), ("majorty", "majority"), ("opnai:x", "openai")]
)
def test_an_unknown_method_is_told_with_the_nearest_names(name, near):
    """Of proposers and baselines alike."""
    with pytest.raises(UnknownNameError, match=f"unknown method .* Did you mean .*'{near}'"):
        Method.of(name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"m": (1,)}, {"m": (1.5,)}, {"m": 100}, {"seeds": ()}, {"seeds": (-1,)}, {"seeds": 3},
        {"k": 0}, {"n_test": 0}, {"n": 0}, {"n": "20"}, {"tasks": "parity"}, {"methods": "mlp"},
    ],
)  # fmt: skip
def test_impossible_options_are_refused(wrong):
    """Before anything is measured."""
    (name,) = wrong
    with pytest.raises(ArgumentError, match=f"`{name}`"):
        Options(**wrong)


def test_an_outcome_is_read_back_as_it_was():
    """Infinite errors included; what is none is refused."""
    outcome = Outcome(
        status="best_effort",
        tests=(Checked("fresh", 20, 0.5, 10), Checked("length", 40, None, why="none")),
        source="def f(x): return '\ud800'",
        bound=float("inf"),
        candidates=(Drawn(0, "x", "timeout", None, float("inf"), 3.0, 0.5),),
        selected=(None, 0),
        usage=Usage(3, 20, usd=0.25),
    )
    assert Outcome.read(outcome.json) == outcome
    for text in ("{}", "[]", "none", '{"status": "fine"}'):
        with pytest.raises(LedgerError, match="outcome that cannot be read"):
            Outcome.read(text)
