"""`@llmerm.task` makes a family out of a function: pleasant to use, clear when it cannot."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from llmerm.errors import ArgumentError, DataError, TaskError
from llmerm.tasks import FunctionTask, get, names, registry, task
from llmerm.typing import Value

OUTSIDE = 3


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = replace(registry._CATALOGUE, registered={})
    monkeypatch.setattr(registry, "_CATALOGUE", empty)


def made_majority() -> FunctionTask:
    @task(n=20)
    def majority(x):
        """More ones than zeros."""
        return int(x.count("1") > len(x) / 2)

    return majority


def test_a_decorated_rule_is_a_task_and_still_the_rule() -> None:
    """It samples balanced and distinct, is called as the rule, and is known by its name."""
    majority = made_majority()
    samples = majority.sample(201, seed=1)
    assert len(set(samples.inputs)) == 201
    assert sorted(Counter(samples.outputs).values()) == [100, 101]
    assert all(y == majority(x) == majority.label(x) for x, y in samples)
    assert majority("110") == 1
    assert {len(str(x)) for x in samples.inputs} == {20}
    assert get("majority") == majority
    assert get("majority", n=8).n == majority.shifted(n=8).n == 8
    assert "majority" in names()
    assert repr(majority) == "majority(n=20)\nMore ones than zeros."
    assert majority.__doc__ == "More ones than zeros."


def test_the_bare_decorator_works() -> None:
    """Without parentheses everything has its default."""

    @task
    def ends_in_one(x):
        return int(x[-1])

    assert (ends_in_one.n, ends_in_one.name) == (100, "ends_in_one")
    assert Counter(ends_in_one.sample(10).outputs) == {0: 5, 1: 5}


def test_samples_depend_on_the_seed_alone() -> None:
    """The same seed gives the same samples, another seed others."""
    majority = made_majority()
    assert majority.sample(50, seed=3) == made_majority().sample(50, seed=3)
    assert majority.sample(50, seed=3) != majority.sample(50, seed=4)


def test_its_program_is_its_own_source() -> None:
    """`program` is the function without its decorator, and runs by itself."""
    majority = made_majority()
    run = majority.program.compile(trusted=True)
    assert majority.program.source.startswith("def majority(x):\n")
    samples = majority.sample(50)
    assert [run(x) for x in samples.inputs] == list(samples.outputs)


def test_inputs_may_be_drawn_by_a_function_and_labels_be_anything() -> None:
    """Own inputs, three text labels: balanced over the labels that the draws show."""

    def pair(rng: np.random.Generator, n: int) -> list[int]:
        return rng.integers(0, 10**n, 2).tolist()

    @task(n=3, inputs=pair, name="compare")
    def order(pair):
        return "less" if pair[0] < pair[1] else "more" if pair[0] > pair[1] else "same"

    samples = order.sample(30)
    assert Counter(samples.outputs) == {"less": 10, "more": 10, "same": 10}
    assert get("compare", n=3).sample(30) == samples


def test_an_alphabet_replaces_the_bits() -> None:
    """Inputs are uniform strings over the alphabet given."""

    @task(n=12, alphabet="abc")
    def has_ab(x):
        return "ab" in x

    samples = has_ab.sample(40)
    assert set("".join(map(str, samples.inputs))) == {"a", "b", "c"}
    assert Counter(samples.outputs) == {True: 20, False: 20}


def test_many_labels_are_a_quantity_and_come_as_they_are() -> None:
    """A rule with many values is not balanced: the labels follow the inputs."""

    @task(n=12)
    def third(x):
        return int(x, 2) / 3

    samples = third.sample(2000)
    assert len(set(samples.inputs)) == 2000
    assert np.mean([float(str(y)) for y in samples.outputs]) == pytest.approx(4095 / 6, rel=0.05)


def test_balance_can_be_forced_off() -> None:
    """With balance=False two labels come at their own rate."""

    @task(n=20, balance=False)
    def both(x):
        return int(x[:2] == "11")

    assert 180 < Counter(both.sample(1000).outputs)[1] < 320


def test_a_rule_that_says_one_thing_is_refused() -> None:
    """A constant rule has no second class to balance with."""

    @task(n=20)
    def never(x):
        return 0

    with pytest.raises(TaskError, match="gives the label 0 on all of 1000 drawn inputs"):
        never.sample(10)


def test_a_rare_class_is_refused_with_its_rate() -> None:
    """Where a class is too rare for rejection, the error has the rate seen and the way out."""

    @task(n=60)
    def rare(x):
        return int(x.startswith("0" * 9))

    with pytest.raises(TaskError, match=r"label 1 of rare at n=60 .* `inputs=`") as caught:
        rare.sample(200)
    rate = re.search(r"a rate of ([\d.e-]+)\)", str(caught.value))
    assert rate is not None
    assert float(rate[1]) == pytest.approx(1 / 512, rel=0.5)  # 40,000 draws, 78 hits expected


def test_inputs_that_run_out_are_refused() -> None:
    """There are 16 strings of 4 bits: 16 samples can be had, 18 cannot."""

    @task(n=4, name="tiny")
    def tiny(x):
        return int(x[0])

    assert len(set(tiny.sample(16).inputs)) == 16
    with pytest.raises(TaskError, match=r"came on 8 of 16 distinct inputs .* at most m=16"):
        tiny.sample(18)


def test_unbalanced_inputs_that_run_out_are_refused() -> None:
    """Without balance the error counts all distinct inputs."""

    @task(n=4, balance=False)
    def tiny(x):
        return int(x[0])

    with pytest.raises(TaskError, match=r"gave only 16 distinct inputs, and m=20"):
        tiny.sample(20)


def test_a_rule_that_cannot_work_says_so_when_it_is_decorated() -> None:
    """The rule is tried on one input at once: a label that is no value is named."""
    with pytest.raises(DataError, match="the label that bad gives"):

        @task(n=5)
        def bad(x):
            return {1, 2}

    assert "bad" not in names()


def test_inputs_that_are_no_values_are_refused_at_once() -> None:
    """So are inputs that are no values."""
    with pytest.raises(DataError, match="the input drawn for bad"):

        @task(n=5, inputs=lambda rng, n: object())
        def bad(x):
            return 1


def test_a_rule_with_outside_names_has_no_program() -> None:
    """Names from around the function make its source no program; sampling works all the same."""

    @task(n=10)
    def outside(x):
        return int(x.count("1") > OUTSIDE)

    assert len(outside.sample(10)) == 10
    with pytest.raises(TaskError, match="uses OUTSIDE from outside the function"):
        _ = outside.program


def test_names_that_the_rule_binds_itself_are_its_own() -> None:
    """Imports, helpers, comprehensions and exceptions inside the function are no outside names."""

    @task(n=10)
    def inside(x: str) -> int:
        import math as m
        from functools import reduce

        def helper(total, bit):
            return total + int(bit)

        try:
            return m.gcd(reduce(helper, [bit for bit in x], 0), 2) % 2
        except ValueError as error:
            return len(str(error))

    assert inside.program.compile(trusted=True)("1110") == inside("1110") == 1


def test_a_rule_without_source_has_no_program() -> None:
    """A function made by `eval` samples, but its source cannot be had, and the error says how."""
    decorated = task(n=6, name="made")(eval("lambda x: int(x[0])"))
    assert Counter(decorated.sample(10).outputs) == {0: 5, 1: 5}
    with pytest.raises(TaskError, match="Write the rule with `def`"):
        _ = decorated.program


def test_what_is_no_function_is_refused() -> None:
    """Something that cannot be called, or a function without a name, is refused by name."""
    with pytest.raises(ArgumentError, match="decorates a named function"):
        task(n=3)(lambda x: 0)
    with pytest.raises(ArgumentError, match="decorates a named function"):
        task(7)  # type: ignore[call-overload]
    with pytest.raises(ArgumentError, match="decorates a named function"):
        task(name="seven")(7)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="names are identifiers"):
        task(name="no name")(made_majority)
    with pytest.raises(ArgumentError, match="`alphabet` must be"):
        task(alphabet="")(made_majority)


def test_a_built_in_name_is_refused() -> None:
    """A function called `parity` needs another name."""
    with pytest.raises(ArgumentError, match="belongs to a built-in task"):

        @task(n=4)
        def parity(x):
            return 0


def test_a_cell_can_be_run_twice() -> None:
    """Decorating again replaces the earlier family of the name."""
    made_majority()

    @task(n=7)
    def majority(x):
        return int(x[0])

    assert get("majority").n == 7


def test_tasks_can_be_pickled() -> None:
    """Built-in tasks travel to other processes."""
    sent = get("k_parity", n=30, k=4, task_seed=2)
    assert pickle.loads(pickle.dumps(sent)) == sent


def test_decorated_tasks_travel_to_other_processes(tmp_path: Path) -> None:
    """Another process makes a decorated task again by importing the module of its rule."""
    (tmp_path / "mine.py").write_text(
        "import llmerm.tasks\n\n\n@llmerm.tasks.task(n=9)\ndef first(x):\n    return int(x[0])\n"
    )
    dump = (
        "import sys, pickle, mine; sys.stdout.buffer.write(pickle.dumps(mine.first.shifted(n=5)))"
    )
    load = "import sys, pickle; t = pickle.load(sys.stdin.buffer); print(type(t).__name__, t.n, t('10000'))"
    environment_path = [str(tmp_path), *sys.path]
    code = f"import sys; sys.path[:] = {environment_path!r}; "
    sent = subprocess.run([sys.executable, "-c", code + dump], capture_output=True, check=True)
    back = subprocess.run(
        [sys.executable, "-c", code + load], input=sent.stdout, capture_output=True, check=True
    )
    assert back.stdout.split() == [b"first", b"5", b"1"]


def test_numpy_labels_become_plain_ones() -> None:
    """A numpy integer is taken as the plain value that it stands for."""

    @task(n=10)
    def last(x):
        return np.int64(int(x[-1]))

    labels: set[Value] = set(last.sample(10).outputs)
    assert {type(label) for label in labels} == {int}
