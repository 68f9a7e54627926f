"""Covering and regression: several classes by questions in turn, numbers by weighted sums."""

from __future__ import annotations

import random

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.families import FAMILY_BITS
from llmerm.search.solvers.covering import Covering
from llmerm.search.solvers.decisions import MOST_CLASSES
from llmerm.search.solvers.regression import Regression


def first(samples: Samples, solver, seconds: float = 30):
    search = Enumerator(
        Grammar.infer(samples),
        samples,
        solvers=(solver,),
        goal_directed=False,
        clock=Clock(seconds),
    )
    return next(c for c in search.candidates() if c.origin == solver.name)


def program(candidate):
    names: dict[str, object] = {}
    exec(candidate.source, names)
    return names["f"]


def words(x: int) -> str:
    return "both" if x % 6 == 0 else "two" if x % 2 == 0 else "three" if x % 3 == 0 else "none"


def test_classes_are_told_apart_by_questions_in_turn():
    """Four labels by remainders: exact on numbers that were not among the samples."""
    samples = Samples.of([(x, words(x)) for x in random.Random(1).sample(range(1000), 120)])
    found = first(samples, Covering())
    call = program(found)
    assert [call(x) for x in range(1000, 1300)] == [words(x) for x in range(1000, 1300)]
    assert found.bits > FAMILY_BITS["decisions"] + 2


def test_many_classes_are_no_decision_list():
    """With more labels than lists are made for, nothing is proposed."""
    samples = Samples.of([(x, f"label {x % (MOST_CLASSES + 1)}") for x in range(60)])
    search = Enumerator(Grammar.infer(samples), samples, solvers=(Covering(),), clock=Clock(1.0))
    assert all(c.origin != "covering" for c in search.candidates())


@pytest.mark.parametrize(
    "rule",
    [
        lambda a, b: (a - 32) * 5 / 9,
        lambda a, b: 2 * a - 3 * b + 0.5,
        lambda a, b: -1.5 * a,
        lambda a, b: 0.125 * b + a / 4 - 7,
    ],
)
def test_weighted_sums_are_found(rule):
    """The fitted weights give the rule's numbers on inputs far outside the samples."""
    rng = random.Random(3)
    rows = [(round(rng.uniform(-9, 99), 1), round(rng.uniform(-9, 9), 1)) for _ in range(60)]
    found = first(Samples.of([(row, float(rule(*row))) for row in rows]), Regression())
    call = program(found)
    for row in [(1234.5, -77.0), (0.0, 0.0), (-400.25, 12.5)]:
        assert call(row) == pytest.approx(rule(*row), rel=1e-6, abs=1e-6)


def test_whole_weights_for_whole_numbers():
    """For lists of integers the sum is over features of the list."""
    rng = random.Random(4)
    inputs = [[rng.randint(-20, 50) for _ in range(rng.randint(3, 9))] for _ in range(80)]
    samples = Samples.of([(x, 3 * max(x) - 2 * min(x) + 7) for x in inputs])
    call = program(first(samples, Regression()))
    assert call([4, -1, 100]) == 309
    assert "def f(x)" in first(samples, Regression()).source
