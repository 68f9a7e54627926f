"""Linear equations over GF(2): solutions are right, and the lightest where that can be known."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmerm.search.clock import Clock, Halt
from llmerm.search.linear import bit_column, lightest


def total(columns: list[int], places: tuple[int, ...]) -> int:
    value = 0
    for place in places:
        value ^= columns[place]
    return value


def brute_force(columns: list[int], goal: int, samples: int) -> int | None:
    """The fewest columns that sum to the goal or its complement, by trying all subsets."""
    ones = (1 << samples) - 1
    for size in range(len(columns) + 1):
        for places in combinations(range(len(columns)), size):
            if total(columns, places) in (goal, goal ^ ones):
                return size
    return None


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 8), st.randoms(use_true_random=False))
def test_small_systems_are_solved_as_by_brute_force(n, m, rng):
    """There is a solution if and only if some subset is one, and it has the fewest columns."""
    columns = [rng.getrandbits(m) for _ in range(n)]
    goal, ones = rng.getrandbits(m), (1 << m) - 1
    found = list(lightest(columns, goal, m, Clock(60)))
    wanted = brute_force(columns, goal, m)
    if wanted is None or wanted == 0:
        assert not found or total(columns, found[0].places) in (goal, goal ^ ones)
    else:
        places, odd = found[0]
        assert total(columns, places) == (goal if odd else goal ^ ones)
        assert len(places) == wanted


@pytest.mark.parametrize(("n", "weight"), [(100, 3), (100, 10), (100, 20), (200, 3), (200, 10)])
@pytest.mark.parametrize("odd", [True, False])
def test_hidden_places_are_found_from_a_hundred_samples(n, weight, odd):
    """The planted set comes back exactly, with as many or twice as many unknowns as samples."""
    rng = random.Random(f"{n} {weight}")
    columns = [rng.getrandbits(100) for _ in range(n)]
    planted = tuple(sorted(rng.sample(range(n), weight)))
    goal = total(columns, planted) ^ (0 if odd else (1 << 100) - 1)
    found = next(lightest(columns, goal, 100, Clock(60)))
    assert (found.places, found.odd) == (planted, odd)


def test_a_stopped_clock_ends_the_elimination():
    """No round begins after the time is over."""
    clock = Clock(60)
    clock.stop()
    with pytest.raises(Halt):
        list(lightest([random.Random(0).getrandbits(50)] * 60, 5, 50, clock))


def test_bit_columns_have_the_first_sample_lowest():
    """Sample i is bit i."""
    assert bit_column([True, False, True]) == 5
