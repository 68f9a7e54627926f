"""Bounds on a mean loss, against scipy's root finder and a gambler played step by step."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import rel_entr

from llmerm.certificates import betting_upper, clopper_pearson, kl_upper
from llmerm.errors import ArgumentError


@given(mean=st.floats(0, 0.99), samples=st.integers(1, 5000), count=st.integers(1, 100))
def test_the_kl_bound_inverts_the_relative_entropy(mean, samples, count):
    """Where the entropies of scipy reach ln(count / delta) / samples."""
    level = math.log(count / 0.05) / samples

    def excess(q):
        return rel_entr(mean, q) + rel_entr(1 - mean, 1 - q) - level

    top = 1 - 1e-12
    expected = brentq(excess, mean, top, xtol=1e-13) if excess(top) > 0 else 1.0
    assert kl_upper(mean, samples, count=count) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("samples", [10, 100, 1000])
def test_without_a_loss_kl_is_the_exact_bound_and_else_above_it(samples):
    """For losses of 0 and 1 the exact bound is known; kl must not go below it."""
    assert kl_upper(0.0, samples) == pytest.approx(clopper_pearson(0, samples), rel=1e-6)
    assert all(kl_upper(e / samples, samples) > clopper_pearson(e, samples) for e in (1, 3, 9))
    assert kl_upper(1.0, samples) == 1.0


def capital(losses, q, delta, count):
    """The most that a gambler had, bet by bet."""
    level, now, best = math.log(count / delta), 1.0, 0.0
    total, spread, mean, variance = 0.5, 0.25, 0.5, 0.25
    for place, loss in enumerate(losses, start=1):
        bet = min(1.0, math.sqrt(2 * level / (len(losses) * variance)))
        now *= 1 - bet * (loss - q)
        best = max(best, now)
        total += loss
        mean = total / (place + 1)
        spread += (loss - mean) ** 2
        variance = spread / (place + 1)
    return best


@pytest.mark.parametrize("count", [1, 16])
@pytest.mark.parametrize("seed", range(5))
def test_at_the_betting_bound_the_gambler_has_just_won(seed, count):
    """Against a mean a little below it he never had count / delta, a little above it he had."""
    rng = random.Random(seed)
    losses = [rng.betavariate(0.5, 3) for _ in range(60)]
    bound = betting_upper(losses, count=count)
    assert capital(losses, bound - 1e-6, 0.05, count) < count / 0.05
    assert capital(losses, bound + 1e-6, 0.05, count) >= count / 0.05


@pytest.mark.parametrize(
    ("draw", "kl", "betting"),
    [
        (lambda rng: rng.beta(0.5, 10, 100), 0.117, 0.080),
        (lambda rng: np.zeros(100), 0.0295, 0.031),
        (lambda rng: rng.beta(5, 5, 100), 0.622, 0.541),
        (lambda rng: rng.beta(0.5, 10, 1000), 0.065, 0.052),
    ],
)
def test_known_medians(draw, kl, betting):
    """Betting is about a third closer to the mean than kl, and no worse where no loss was seen."""
    rng = np.random.default_rng(0)
    rows = [draw(rng) for _ in range(41)]
    assert np.median([kl_upper(row.mean(), len(row)) for row in rows]) == pytest.approx(
        kl, rel=0.05
    )
    assert np.median([betting_upper(row) for row in rows]) == pytest.approx(betting, rel=0.05)


def test_bounds_scale_with_the_declared_largest_loss():
    """A loss in cents is a hundred times that in dollars, and so are its bounds."""
    losses = [0.1, 0.9, 0.4] * 20
    cents = [100 * loss for loss in losses]
    assert betting_upper(cents, most=100.0) == pytest.approx(100 * betting_upper(losses))
    assert kl_upper(46.7, 60, most=100.0) == pytest.approx(100 * kl_upper(0.467, 60))


@pytest.mark.parametrize("most", [math.inf, 0.0, -1.0, math.nan])
def test_an_unbounded_loss_is_refused(most):
    """Never a bound that does not hold: its largest value must be declared."""
    with pytest.raises(ArgumentError, match="`most` must be the loss's largest value"):
        kl_upper(0.1, 100, most=most)
    with pytest.raises(ArgumentError, match="`most` must be the loss's largest value"):
        betting_upper([0.1], most=most)


@pytest.mark.parametrize("loss", [1.5, -0.1, math.nan, math.inf])
def test_a_loss_above_the_declared_end_is_refused(loss):
    """With the loss, and what it may be at most."""
    with pytest.raises(ArgumentError, match=r"between 0 and the declared 1\.0"):
        betting_upper([0.1, loss])
    with pytest.raises(ArgumentError, match=r"between 0 and the declared 1\.0"):
        kl_upper(loss, 10)


def test_nothing_gives_no_bound():
    """No samples, or a table instead of a list."""
    with pytest.raises(ArgumentError, match="at least 1"):
        kl_upper(0.0, 0)
    with pytest.raises(ArgumentError, match="at least 1"):
        betting_upper([])
    with pytest.raises(ArgumentError, match="sequence"):
        betting_upper(np.zeros((3, 3)))
