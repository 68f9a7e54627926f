"""Families are found by name, your own and those of other packages included."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, EntryPoints
from typing import ClassVar

import numpy as np
import pytest

from llmerm import catalogue
from llmerm.errors import ArgumentError, TaskError, UnknownNameError
from llmerm.program import Program
from llmerm.tasks import StringTask, get, names, published, register, registry

TITLES = [
    "parity",
    "first-half parity",
    "pattern 1",
    "pattern 2",
    "3-parity",
    "10-parity",
    "palindrome",
    "Dyck-2",
    "CA parity",
    "IsPrime",
    "IsPrime+47",
    "CycleCount",
    "SHA-256 parity",
]


@dataclass(frozen=True, kw_only=True)
class FirstBit(StringTask):
    """A user's family: the label is the first bit."""

    name: ClassVar[str] = "first_bit"
    width: int = 1

    def rule(self, x: str) -> int:
        return int(x[0])

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        rest = rng.integers(0, 10 ** (self.n - 1), m).tolist()
        return [f"{label}{number % 2 ** (self.n - 1):0{self.n - 1}b}" for number in rest]

    @property
    def program(self) -> Program:
        return Program("def f(x):\n    return int(x[0])\n")


@pytest.fixture
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = replace(registry._CATALOGUE, registered={})
    monkeypatch.setattr(registry, "_CATALOGUE", empty)


@pytest.mark.usefixtures("_clean")
def test_a_registered_family_is_found_like_a_built_in_one() -> None:
    """`register` puts a subclass into `names` and `get`, with its own parameters."""
    assert register(FirstBit) is FirstBit
    assert "first_bit" in names()
    task = get("first_bit", n=8, width=2)
    assert task == FirstBit(n=8, width=2)
    assert len(set(task.sample(256).inputs)) == 256


@pytest.mark.usefixtures("_clean")
def test_a_family_whose_draws_run_out_is_refused_in_the_end() -> None:
    """Where a family does not count its inputs, draws that bring nothing new end in an error."""
    register(FirstBit)
    with pytest.raises(TaskError, match=r"gave only 8 distinct inputs .* at most m=16"):
        get("first_bit", n=4).sample(100)


def test_a_built_in_name_cannot_be_taken() -> None:
    """Registering under a built-in name is refused."""
    family = type("Other", (FirstBit,), {"name": "parity"})
    with pytest.raises(ArgumentError, match="belongs to a built-in task"):
        register(family)


def test_an_unknown_name_is_refused_with_a_near_one() -> None:
    """A typing error gets the near names back."""
    with pytest.raises(UnknownNameError, match="Did you mean 'palindrome'"):
        get("palindrom")


def test_an_unknown_parameter_is_refused_with_the_accepted_ones() -> None:
    """A parameter that the family does not know names those that it does."""
    with pytest.raises(ArgumentError, match=r"no parameter 'motif'. It accepts: n, pattern\."):
        get("pattern", n=20, motif="11")


def offer(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Let an installed package offer the family `theirs`."""
    points = EntryPoints([EntryPoint("theirs", value, "llmerm.tasks")])
    monkeypatch.setattr(catalogue, "entry_points", lambda group: points.select(group=group))


def test_a_package_offers_families_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point in the group llmerm.tasks is a name like any other."""
    offer(monkeypatch, "llmerm.tasks.parity:Parity")
    assert "theirs" in names()
    assert get("theirs", n=5).n == 5


def test_an_entry_point_that_is_no_family_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point to anything else than a Task subclass is named in the error."""
    offer(monkeypatch, "llmerm.tasks.bits:all_bits")
    with pytest.raises(ArgumentError, match=r"'theirs' .* is no subclass of llmerm.tasks.Task"):
        get("theirs")


def test_families_are_imported_when_asked_for() -> None:
    """`import llmerm.tasks` imports neither a family nor gmpy2; `get` imports one family."""
    code = (
        "import sys, llmerm.tasks as t; assert 'gmpy2' not in sys.modules; t.get('dyck2', n=8); "
        "print(*sorted(name for name in sys.modules if name.startswith('llmerm.tasks.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("llmerm.tasks.") for name in done.stdout.split()}
    assert loaded & set(names()) == {"dyck2"}


def test_published_is_the_table_of_the_paper() -> None:
    """At n = 100 there are the 13 published tasks in their order, drawn as published."""
    tasks = published()
    assert list(tasks) == TITLES
    assert {task.n for task in tasks.values()} == {100}
    assert tasks["pattern 2"].parameters["pattern"] == "00111111"
    assert tasks["palindrome"].parameters["negatives"] == "uniform"
    assert [tasks[title].parameters["k"] for title in ("3-parity", "10-parity")] == [3, 10]
    assert tasks["CycleCount"].name == "cycle_count"


def test_published_leaves_out_what_does_not_exist_at_a_length() -> None:
    """At n = 25 there is no Dyck-2 and no CycleCount; at n = 0 nothing, which is an error."""
    assert [title for title in TITLES if title not in published(25)] == ["Dyck-2", "CycleCount"]
    assert [title for title in TITLES if title not in published(20)] == ["CycleCount"]
    with pytest.raises(TaskError, match="no published task exists at n=0"):
        published(0)
