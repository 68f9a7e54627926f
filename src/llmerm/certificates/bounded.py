"""Bounds on a mean loss whose largest value was declared before the samples were looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from llmerm.certificates.level import log_level, whole
from llmerm.errors import ArgumentError

_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def kl_upper(
    mean: float, samples: int, *, most: float = 1.0, delta: float = 0.05, count: int = 1
) -> float:
    """The upper bound on a population's mean loss, from the mean over its samples.

    The largest q with kl(mean || q) <= ln(count / delta) / samples, kl that of two coin flips
    (Hoeffding 1963, theorem 1). It needs independent losses in [0, most], of one law or of
    several: then it is about the mean of their means, so the stratified split is covered.

    Args:
        mean: the mean loss over the samples.
        samples: how many.
        most: the largest value that the loss can take.
        delta: the bound may fail with at most this probability, in (0, 1).
        count: candidates that could have been chosen, fixed before the samples were looked at.

    Raises:
        ArgumentError: if an argument is out of its range, `most` is not finite, or the mean is
            above it.

    >>> round(kl_upper(0.0, 100), 4)
    0.0295
    """
    level = log_level(delta, count=count)
    _check_most(most)
    if whole("samples", samples) < 1:
        raise ArgumentError(f"a certificate needs at least 1 held-out sample, got {samples}.")
    if not 0 <= mean <= most * (1 + 1e-12):
        raise ArgumentError(f"`mean` must be between 0 and the declared {most}, got {mean}.")
    share = min(mean / most, 1.0)
    return most * _bisect(lambda q: samples * _kl(share, q) > -level, share)


def betting_upper(
    losses: Sequence[float], *, most: float = 1.0, delta: float = 0.05, count: int = 1
) -> float:
    """The upper bound on a population's mean loss, from the losses one by one: tighter than kl.

    A gambler bets, loss after loss, against the claim "the mean is at least q"; the bound is the
    least q against which the capital ever grew to count / delta (Waudby-Smith and Ramdas 2024,
    arXiv 2010.09686, with predictable plug-in bets; Ville's inequality). It needs losses in
    [0, most] that are independent draws from one law, in an order that does not depend
    on them. The held-out part of a stratified split is not that; `kl_upper` covers it.

    Args:
        losses: one per sample.
        most: the largest value that the loss can take.
        delta: the bound may fail with at most this probability, in (0, 1).
        count: candidates that could have been chosen, fixed before the samples were looked at.

    Raises:
        ArgumentError: if an argument is out of its range, `most` is not finite, or a loss is
            above it.

    >>> betting_upper([0.0, 0.1] * 50) < kl_upper(0.05, 100)
    True
    """
    level = log_level(delta, count=count)
    shares = _shares(losses, most)
    bets = _bets(shares, level)
    return most * _bisect(lambda q: _best_log_capital(shares, bets, q) > -level, 0.0)


def _check_most(most: float) -> None:
    if not 0 < most < math.inf:
        raise ArgumentError(
            f"`most` must be the loss's largest value, a finite number above 0, got {most}. An "
            "unbounded loss has no such bound: clip it at a value declared beforehand "
            "(llmerm.losses.clipped), or count the misses (llmerm.losses.within)."
        )


def _shares(losses: Sequence[float], most: float) -> _Floats:
    """The losses as shares of the largest, checked."""
    _check_most(most)
    values = np.asarray(losses, dtype=np.float64)
    if values.ndim != 1 or not len(values):
        raise ArgumentError(
            f"`losses` must be a sequence of at least 1 number, got the shape {values.shape}."
        )
    outside = values[~((values >= 0) & (values <= most))]
    if len(outside):
        raise ArgumentError(
            f"`losses` must be between 0 and the declared {most}, got {outside[0]}. Clip them at "
            "a value declared beforehand."
        )
    return values / most


def _bets(shares: _Floats, level: float) -> _Floats:
    """How much is bet on each loss, from those before it alone; at most all that there is."""
    seen = np.arange(2, len(shares) + 2)
    means = (0.5 + np.cumsum(shares)) / seen
    variances = (0.25 + np.cumsum((shares - means) ** 2)) / seen
    before = np.concatenate([[0.25], variances[:-1]])
    return np.minimum(1.0, np.sqrt(-2 * level / (len(shares) * before)))


def _best_log_capital(shares: _Floats, bets: _Floats, mean: float) -> float:
    """The log of the most capital ever held in bets against means of at least `mean`."""
    gains = -bets * (shares - mean) * (1 - 1e-12)  # never all of it, so that the log is finite
    return float(np.max(np.cumsum(np.log1p(gains))))


def _kl(p: float, q: float) -> float:
    """The relative entropy of two coin flips, for 0 <= p < q < 1."""
    zero = p * math.log(p / q) if p > 0 else 0.0
    return zero + (1 - p) * (math.log1p(-p) - math.log1p(-q)) if p < 1 else zero


def _bisect(is_refuted: Callable[[float], bool], low: float) -> float:
    """The least share from `low` to 1 that is refuted, from above; 1 if none is."""
    high = 1.0
    while high - low > 1e-12 + 1e-9 * high:
        middle = (low + high) / 2
        if is_refuted(middle):
            high = middle
        else:
            low = middle
    return high
