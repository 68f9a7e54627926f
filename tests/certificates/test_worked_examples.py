"""The figures that the certificates were planned with, each computed again by the library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from llmerm.certificates import (
    anytime,
    best_of,
    betting_upper,
    clopper_pearson,
    combine,
    description_length,
    fresh,
    kl_upper,
    selection,
)

BITS = 1 / math.log(2)
"""In a nat."""


def percent(bound: float, like: float) -> float:
    """The bound in per cent, to as many digits as the figure it is compared with."""
    digits = len(f"{like:g}".partition(".")[2])
    return round(100 * bound, max(digits, 2 if like < 1 else 0))


ROWS = [  # k, samples; no error: the paper's excess, Hoeffding, exact, anytime at k, fresh
    (5, 100, 34.6, 15.2, 4.50, 6.20, 2.95),
    (5, 1000, 10.9, 4.80, 0.46, 0.64, 0.30),
    (64, 100, 41.3, 18.9, 6.90, 10.7, 2.95),
    (64, 1000, 13.1, 5.98, 0.71, 1.13, 0.30),
]


@pytest.mark.parametrize(("k", "m", "excess", "hoeffding", "exact", "series", "alone"), ROWS)
def test_without_an_error(k, m, excess, hoeffding, exact, series, alone):
    """At 95 %, in per cent; Hoeffding's bound, which the library leaves out, is three times wider."""
    assert percent(selection(m, count=k).excess, excess) == excess
    assert percent(best_of(0, m, count=k, why="").bound, 0.1) == exact
    assert percent(anytime(0, m, position=k).bound, series) == series
    assert percent(fresh(0, m).bound, 0.1) == alone
    wider = math.sqrt(math.log(k / 0.05) / (2 * m))
    assert percent(wider, hoeffding) == hoeffding > 2.5 * exact


@pytest.mark.parametrize(
    ("errors", "k", "m", "exact"),
    [
        (1, 5, 100, 6.45),
        (1, 5, 1000, 0.66),
        (1, 64, 100, 9.11),
        (1, 64, 1000, 0.95),
        (5, 5, 100, 12.6),
        (5, 5, 1000, 1.31),
        (5, 64, 100, 15.8),
        (5, 64, 1000, 1.67),
    ],
)
def test_with_errors(errors, k, m, exact):
    """The exact bound of the best of k, in per cent."""
    assert percent(best_of(errors, m, count=k, why="").bound, exact) == exact


@pytest.mark.parametrize(
    ("errors", "k", "m", "hoeffding"),
    [(5, 5, 100, 20.2), (5, 5, 1000, 5.3), (5, 64, 100, 23.9), (5, 64, 1000, 6.5)],
)
def test_hoeffding_is_wider_with_errors_too(errors, k, m, hoeffding):
    """So the exact bound is the one that is used."""
    wider = errors / m + math.sqrt(math.log(k / 0.05) / (2 * m))
    assert percent(wider, hoeffding) == hoeffding
    assert clopper_pearson(errors, m, count=k) < wider


@pytest.mark.parametrize("k", [1, 5, 64, 256])
@pytest.mark.parametrize("m", [1, 100, 1000])
def test_without_an_error_there_is_a_closed_form(k, m):
    """1 - (delta / k)^(1 / m); and ln(k / delta) / m is a little above it."""
    expected = 1 - (0.05 / k) ** (1 / m)
    assert clopper_pearson(0, m, count=k) == pytest.approx(expected, rel=1e-12)
    promise = selection(m, count=k).error_if_exact
    assert promise == pytest.approx(min(1, math.log(k / 0.05) / m))
    assert promise >= expected


@pytest.mark.parametrize(
    ("rate", "needed"),
    [
        (0.05, (59, 90, 140, 167)),
        (0.01, (299, 459, 712, 850)),
        (0.001, (2995, 4603, 7152, 8537)),
    ],
)
def test_how_many_samples_without_an_error_are_needed(rate, needed):
    """For 1, 5, 64 and 256 candidates; one sample less is too few."""
    for k, m in zip((1, 5, 64, 256), needed, strict=True):
        assert clopper_pearson(0, m, count=k) <= rate < clopper_pearson(0, m - 1, count=k)


@pytest.mark.parametrize(("k", "union"), [(5, 4.50), (20, 5.82), (64, 6.90), (256, 8.19)])
def test_a_final_look_is_worth_it_from_twenty_candidates_on(k, union):
    """Half of 100 samples for one program, against all of them for k: 5.82 % against these."""
    assert percent(best_of(0, 100, count=k, why="").bound, 0.1) == union
    assert percent(fresh(0, 50).bound, 0.1) == 5.82
    assert (union < 5.82) == (k < 20)


OCCAM = [
    (200, (6.3, 8.6, 15, 39, 93)),
    (1_000, (1.3, 1.8, 3.2, 9.5, 41)),
    (10_000, (0.13, 0.18, 0.33, 0.99, 5.1)),
]


@pytest.mark.parametrize(("m", "bounds"), OCCAM)
def test_what_a_length_costs(m, bounds):
    """Programs of 10, 15, 30, 97 and 519 nats without an error, in per cent."""
    for nats, bound in zip((10, 15, 30, 97, 519), bounds, strict=True):
        assert percent(description_length(0, m, bits=nats * BITS), bound) == bound


@pytest.mark.parametrize("k", [5, 64])
@pytest.mark.parametrize("m", [100, 1000])
def test_coverage_at_its_worst(k, m):
    """Just above the bound of no error it is (1 - delta / k)^k: 95.10 % for 5, 95.12 % for 64."""
    bounds = np.array([clopper_pearson(e, m, count=k) for e in range(m + 1)])
    covered = []
    for rate in bounds[:30] * (1 + 1e-9):  # between two bounds it only grows
        tail = binom.sf(np.arange(-1, m), m, rate) ** k
        law = tail - np.append(tail[1:], 0.0)
        covered.append(law[bounds >= rate].sum())
    assert min(covered) == pytest.approx((1 - 0.05 / k) ** k, abs=1e-6)
    assert round(min(covered), 4) == {5: 0.9510, 64: 0.9512}[k]


def test_a_share_of_delta_for_each_of_those_drawn_so_far_is_no_share():
    """1 + 1/2 + ... + 1/64 = 4.7 times delta: an early stop that pays so covers 78.7 %."""
    shares = [1 / j for j in range(1, 65)]
    assert round(sum(shares), 1) == 4.7
    assert math.prod(1 - 0.05 * share for share in shares) == pytest.approx(0.787, abs=5e-4)


@pytest.mark.parametrize(
    ("count", "bound"), [(50 * 101**4, 22.4), (50 * 2**4, 9.2), (50, 6.7)], ids=["scores", "bits", "none"]
)  # fmt: skip
def test_what_feedback_would_cost(count, bound):
    """Five rounds of ten that are told a score of 101 values, or one bit, or nothing: 100 samples."""
    assert percent(clopper_pearson(0, 100, count=count), bound) == bound


def test_stratified_halves_are_covered():
    """Fifty of each class, over a grid of both error rates, exactly; the bound is that of 100."""
    bounds = np.array([clopper_pearson(e, 100) for e in range(101)])
    rates, worst = np.linspace(0.0, 0.5, 41), 1.0
    laws = [binom.pmf(np.arange(51), 50, rate) for rate in rates]
    for first, one in zip(rates, laws, strict=True):
        for second, other in zip(rates, laws, strict=True):
            covered = np.convolve(one, other)[bounds >= (first + second) / 2 - 1e-12].sum()
            worst = min(worst, covered)
    assert 0.95 <= worst < 0.96


@pytest.mark.parametrize(
    ("draw", "kl", "betting"),
    [
        (lambda rng: np.where(rng.random(100) < 0.05, rng.random(100), 0.0), 0.087, 0.065),
        (lambda rng: np.where(rng.random(1000) < 0.05, rng.random(1000), 0.0), 0.038, 0.033),
        (lambda rng: np.zeros(1000), 0.0030, 0.0031),
        (lambda rng: rng.beta(5, 5, 1000), 0.539, 0.510),
    ],
    ids=["few of 100", "few of 1000", "none", "half"],
)
def test_medians_of_mean_losses(draw, kl, betting):
    """Over 301 draws of losses, beside those in test_bounded; the figures are of fewer draws."""
    rng = np.random.default_rng(0)
    rows = [draw(rng) for _ in range(301)]
    assert np.median([kl_upper(row.mean(), len(row)) for row in rows]) == pytest.approx(
        kl, rel=0.08
    )
    assert np.median([betting_upper(row) for row in rows]) == pytest.approx(betting, rel=0.08)


def test_two_bounds_share_delta():
    """Half for each, and the least of them."""
    one, other = fresh(0, 100, delta=0.025), fresh(1, 400, delta=0.025)
    both = combine(one, other)
    assert (both.bound, both.confidence) == (min(one.bound, other.bound), 0.95)
