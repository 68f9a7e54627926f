"""Certificates: exact, against scipy and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from llmerm import certificates
from llmerm.certificates import clopper_pearson, interval
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
        ({"errors": 0, "samples": 9, "count": 0}, "`count`"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, says):
    """Never a bound that does not hold."""
    with pytest.raises(ArgumentError, match=says):
        clopper_pearson(**arguments)


def test_a_certificate_reads_as_a_sentence():
    """What it bounds, with what confidence, from what, for how many candidates."""
    text = str(certificates.best_of(0, 100, delta=0.05, count=16, why="chosen among at most 16"))
    assert text == (
        "with confidence 0.95 the program is wrong on at most 5.61% of inputs drawn like the samples, labels in the same shares "
        "(0 errors on 100 held-out samples; chosen among at most 16)"
    )
    assert "no certificate: because" in str(certificates.none("because", delta=0.05))
