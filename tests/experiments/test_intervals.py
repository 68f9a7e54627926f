"""Intervals: the same as scipy's, and honest where seeds agree."""

from __future__ import annotations

import statistics

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from llmerm.experiments.intervals import Summary, share, summary, t_quantile
from llmerm.experiments.outcome import Checked


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 9, 30, 101])
@pytest.mark.parametrize("probability", [0.6, 0.9, 0.975, 0.9995])
def test_the_t_quantile_is_scipys(degrees, probability):
    """For odd and even degrees of freedom."""
    expected = scipy.stats.t.ppf(probability, degrees)
    assert t_quantile(probability, degrees) == pytest.approx(expected, rel=1e-8)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=8).filter(lambda v: len(set(v)) > 1))
def test_over_seeds_it_is_students_interval(rights):
    """Cut to [0, 1]."""
    values = [right / 1000 for right in rights]
    found = summary(Checked("fresh", 20, value, 1000) for value in values)
    low, high = scipy.stats.t.interval(
        0.95, len(values) - 1, statistics.fmean(values), scipy.stats.sem(values)
    )
    assert found.low == pytest.approx(max(0, low), abs=1e-9)
    assert found.high == pytest.approx(min(1, high), abs=1e-9)
    assert found.seeds == len(values)


@pytest.mark.parametrize(("right", "seeds"), [(300, 1), (1000, 1), (0, 1), (1000, 5), (700, 3)])
def test_for_one_seed_or_where_all_agree_it_is_exact_binomial(right, seeds):
    """Over all test samples together: no interval has no width."""
    found = summary([Checked("fresh", 20, right / 1000, 1000)] * seeds)
    exact = scipy.stats.binomtest(right * seeds, 1000 * seeds).proportion_ci(0.95, "exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-6)
    assert found.low < found.high


def test_tests_without_an_accuracy_are_left_out():
    """A failure is no score: it is neither 0 nor counted."""
    failed = Checked("fresh", 20, None, 0, "no program")
    assert summary([failed, None]) is None
    assert summary([failed, Checked("fresh", 20, 1.0, 100)]).seeds == 1


def test_shares_of_seeds_are_exact_where_each_is_right_or_not():
    """Else Student's; a single seed says nothing of the spread."""
    exact = scipy.stats.binomtest(2, 3).proportion_ci(0.95, "exact")
    found = share([1.0, 0.0, 1.0])
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-6)
    low, high = scipy.stats.t.interval(0.95, 1, 0.4, scipy.stats.sem([0.3, 0.5]))
    assert share([0.3, 0.5]) == Summary(0.4, max(0.0, low), min(1.0, high), 2)
    assert share([0.3]) == Summary(0.3, 0.3, 0.3, 1)
    assert str(share([1.0])) == "100.0"
    assert share([]) is None
