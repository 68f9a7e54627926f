"""Lists: item-by-item functions, joins, filters by a number and choices between numbers."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.expression import function
from llmerm.search.sequences import Lists
from llmerm.search.solvers.cases import Cases
from llmerm.search.solvers.constants import Constants
from llmerm.search.solvers.elementwise import Elementwise
from llmerm.search.solvers.joins import Joins
from llmerm.search.solvers.partners import Partners
from llmerm.search.solvers.thresholds import Thresholds
from llmerm.search.solvers.views import View, posed


def counted(checks: int) -> Clock:
    """A clock that is over when it was looked at so often, however busy the machine."""
    looks = iter(range(10**9))
    return Clock(checks, now=lambda: float(next(looks)))


def lists(count: int, seed: int, longest: int = 9) -> list[list[int]]:
    rng = random.Random(seed)
    return [[rng.randint(-15, 40) for _ in range(rng.randint(2, longest))] for _ in range(count)]


def first(samples: Samples, solver):
    search = Enumerator(
        Grammar.infer(samples),
        samples,
        solvers=(solver,),
        goal_directed=False,
        clock=counted(40_000),
    )
    return next(c for c in search.candidates() if c.origin == solver.name)


def program(candidate):
    names: dict[str, object] = {}
    exec(candidate.source, names)
    return names["f"]


def below_previous(x: list[int]) -> list[int]:
    return [b for a, b in pairwise(x) if b < a]


ELEMENTWISE = [
    lambda x: [v // 2 if v % 2 == 0 else 3 * v + 1 for v in x],
    lambda x: [v * v - 3 * v for v in x],
    lambda x: [v for v in x if v % 5 == 2],
    lambda x: [v * i + 1 for i, v in enumerate(x)],
    below_previous,
]


@pytest.mark.parametrize("rule", ELEMENTWISE)
def test_what_becomes_of_an_item_is_found(rule):
    """Maps and filters by value, place or neighbour are exact on longer lists too."""
    samples = Samples.of([(x, rule(x)) for x in lists(100, 1)])
    solver = Elementwise((Thresholds(), Constants(), Cases()))
    call = program(first(samples, solver))
    assert all(call(x) == rule(x) for x in lists(200, 2, longest=25))


def test_an_item_that_becomes_two_things_poses_no_problem():
    """The problem of one item is posed only if the labels follow from what is seen of it."""
    inputs = lists(40, 3)
    seen = View("map each", inputs, {}, same_lengths=True)
    assert posed(seen, [[v + 1 for v in x] for x in inputs])
    assert not posed(seen, [[v + max(x) for v in x] for x in inputs])
    kept = View("filter each", inputs, {}, same_lengths=False)
    odd = dict(posed(kept, [[v for v in x if v % 2] for x in inputs]))
    assert odd == {v: v % 2 for x in inputs for v in x}
    assert not posed(kept, [x[1:] for x in inputs])


def test_three_parts_are_joined():
    """The ends exchanged: none of the three parts alone says where the others begin."""

    def rule(x: list[int]) -> list[int]:
        return [x[-1], *x[1:-1], x[0]]

    candidate = first(Samples.of([(x, rule(x)) for x in lists(60, 4)]), Joins())
    call = program(candidate)
    assert all(call(x) == rule(x) for x in lists(200, 5, longest=20))


@pytest.mark.parametrize(
    "rule",
    [
        lambda x: [v for v in x if v > sum(x) // len(x)],
        lambda x: x[len(x) // 3],
        lambda x: [v - sum(x) % 7 for v in x],
    ],
)
def test_the_number_beside_a_list_is_found(rule):
    """A filter, a place and a shift by a number that is computed from the whole list."""
    samples = Samples.of([(x, rule(x)) for x in lists(80, 6)])
    call = program(first(samples, Partners()))
    assert all(call(x) == rule(x) for x in lists(200, 7))


@pytest.mark.parametrize(
    "rule",
    [
        lambda x: x // 2 if x % 2 == 0 else 3 * x + 1,
        lambda x: x - 50 if x > 50 else x,
        lambda x: -x if x % 3 == 1 else x + 4,
    ],
)
def test_numbers_by_cases_are_found(rule):
    """A choice between two expressions is exact on numbers that were not among the samples."""
    inputs = random.Random(8).sample(range(-100, 300), 100)
    candidate = first(Samples.of([(x, rule(x)) for x in inputs]), Cases())
    call = program(candidate)
    assert all(call(x) == rule(x) for x in range(-300, 600))
    assert function(candidate.expr)(7) == rule(7)


def test_a_round_number_at_the_end_of_a_gap_is_taken():
    """Between 9 and 11 the cut is 10 (`x > 10`, not `x > 9`), between 130 and 150 it is 140."""
    inputs = [*range(9), *range(11, 25)]
    assert "x > 10" in first(Samples.of([(x, int(x > 10)) for x in inputs]), Thresholds()).source


def test_two_parts_are_the_last_step():
    """A rotation is solved for as a join of two lists, without any solver."""

    def rule(x: list[int]) -> list[int]:
        return [*x[-1:], *x[:-1]]

    samples = Samples.of([(x, rule(x)) for x in lists(60, 9)])
    search = Enumerator(Grammar.infer(samples), samples, clock=counted(3000))
    found = next(search.candidates())
    assert found.origin == "last step"
    assert all(program(found)(x) == rule(x) for x in lists(200, 10, longest=20))


def test_very_long_lists_end_in_time():
    """Lists of 5,000 numbers are no reason to compare each number with each."""
    rng = random.Random(11)
    inputs = [[rng.randint(0, 9) for _ in range(5_000 + i)] for i in range(8)]
    samples = Samples.of([(x, max(x[::2]) + len(x)) for x in inputs])
    search = Enumerator(Grammar.infer(samples), samples, solvers=(Partners(),), clock=Clock(5))
    for _ in search.candidates():
        break
    assert not search.grammar["smaller ones"].defined(Lists(5_100).encode([inputs[0]])).any()
