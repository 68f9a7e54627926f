"""Exact bounds on an error rate, against scipy and over all outcomes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from llmerm.certificates import clopper_pearson, description_length, interval
from llmerm.errors import ArgumentError


@given(
    samples=st.integers(1, 5000), share=st.floats(0, 1), delta=st.floats(1e-6, 0.5), count=st.integers(1, 300)
)  # fmt: skip
def test_the_bound_is_the_beta_quantile(samples, share, delta, count):
    """Clopper-Pearson is the quantile of a beta distribution, here from scipy."""
    errors = int(share * samples)
    expected = (
        1.0 if errors >= samples else beta.ppf(1 - delta / count, errors + 1, samples - errors)
    )
    assert clopper_pearson(errors, samples, delta=delta, count=count) == pytest.approx(
        expected, abs=1e-9
    )


@pytest.mark.parametrize(
    ("k", "m", "percent"), [(5, 100, 4.50), (5, 1000, 0.46), (64, 100, 6.90), (1, 100, 2.95)]
)
def test_known_values(k, m, percent):
    """The figures for no error at 95 %."""
    assert 100 * clopper_pearson(0, m, count=k) == pytest.approx(percent, abs=0.006)


@pytest.mark.parametrize("k", [1, 5, 64])
def test_coverage_after_choosing_the_best_is_at_least_the_confidence(k):
    """The worst case over the error rate, exactly: min of k binomials, chosen by least errors."""
    m, delta = 50, 0.05
    bounds = np.array([clopper_pearson(e, m, delta=delta, count=k) for e in range(m + 1)])
    worst = 1.0
    for p in np.linspace(0.005, 0.6, 200):
        tail = binom.sf(np.arange(-1, m), m, p) ** k  # P(all k show at least e errors)
        law = tail - np.append(tail[1:], 0.0)
        worst = min(worst, law[bounds >= p].sum())
    assert worst >= 1 - delta - 1e-9
    assert worst < 1 - delta + 0.03


def test_paying_for_one_candidate_after_choosing_among_64_does_not_hold():
    """The counter-example that the union bound is for."""
    m, k, p = 100, 64, 0.05
    bounds = np.array([clopper_pearson(e, m) for e in range(m + 1)])
    tail = binom.sf(np.arange(-1, m), m, p) ** k
    law = tail - np.append(tail[1:], 0.0)
    assert law[bounds >= p].sum() < 0.5


def test_the_two_sided_interval_is_scipys():
    """Both ends are beta quantiles at delta / 2."""
    low, high = interval(7, 90)
    assert low == pytest.approx(beta.ppf(0.025, 7, 84), abs=1e-9)
    assert high == pytest.approx(beta.ppf(0.975, 8, 83), abs=1e-9)
    assert interval(0, 10)[0] == 0.0
    assert interval(10, 10)[1] == 1.0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"errors": 3, "samples": 2}, "`errors`"),
        ({"errors": -1, "samples": 2}, "`errors`"),
        ({"errors": 0, "samples": 0}, "at least 1 held-out sample"),
        ({"errors": 0, "samples": 9, "delta": 0}, "`delta`"),
        ({"errors": 0, "samples": 9, "delta": 1}, "`delta`"),
        ({"errors": 0, "samples": 9, "delta": float("nan")}, "`delta`"),
        ({"errors": 0, "samples": 9, "count": 0}, "`count`"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, says):
    """Never a bound that does not hold."""
    with pytest.raises(ArgumentError, match=says):
        clopper_pearson(**arguments)


@pytest.mark.parametrize(
    ("nats", "m", "percent"),
    [(10, 200, 6.3), (15, 200, 8.6), (30, 200, 15), (97, 200, 39), (97, 1000, 9.5), (97, 10_000, 0.99)],
)  # fmt: skip
def test_known_values_by_length(nats, m, percent):
    """The figures for no error at 95 %, for programs of so many nats."""
    bound = description_length(0, m, bits=nats / math.log(2))
    assert 100 * bound == pytest.approx(percent, rel=0.02)


@given(samples=st.integers(1, 3000), share=st.floats(0, 0.9), bits=st.floats(0, 300))
def test_the_bound_by_length_inverts_the_binomial_tail(samples, share, bits):
    """At the bound, so few errors have probability delta / 2^bits: here from scipy."""
    errors = int(share * samples)
    bound = description_length(errors, samples, bits=bits)
    if bound < 1 - 1e-4:  # nearer to 1 the tail is too steep for floats
        tail = binom.logcdf(errors, samples, bound)
        assert tail == pytest.approx(math.log(0.05) - bits * math.log(2), rel=1e-6)


@pytest.mark.parametrize("bits", [-1.0, float("inf"), float("nan")])
def test_a_length_must_be_a_number(bits):
    """A program without a code word has no bound."""
    with pytest.raises(ArgumentError, match="`bits`"):
        description_length(0, 100, bits=bits)
