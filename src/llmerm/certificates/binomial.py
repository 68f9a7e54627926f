"""Exact bounds on an error rate from a count of errors."""

from __future__ import annotations

import math

import numpy as np

from llmerm.certificates.level import log_level, whole
from llmerm.errors import ArgumentError


def clopper_pearson(errors: int, samples: int, *, delta: float = 0.05, count: int = 1) -> float:
    """The exact upper confidence bound on an error rate, after choosing the best of `count`.

    The largest p for which a binomial (samples, p) still shows `errors` or fewer with probability
    delta / count (Clopper and Pearson 1934; the union bound over candidates that were fixed before
    the samples were looked at).

    Args:
        errors: errors of the chosen candidate.
        samples: independent samples they were counted on.
        delta: the bound may fail with at most this probability, in (0, 1).
        count: candidates that could have been chosen.

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(clopper_pearson(0, 100, count=5), 4)
    0.045
    """
    return _upper(errors, samples, log_level(delta, count=count))


def description_length(errors: int, samples: int, *, bits: float, delta: float = 0.05) -> float:
    """The upper bound on a program's error rate that pays for its length instead of a count.

    The exact binomial bound at delta * 2**-bits: the union bound over all programs of a prefix
    code, in which a program of b bits has the share 2**-b (Occam's razor: Blumer et al. 1987, with
    the exact tail Langford 2005). It holds for every program at once, so the samples may be those
    that the program was made from. The code must have been fixed before they were looked at.

    Args:
        errors: the program's errors.
        samples: independent samples they were counted on, all that there are.
        bits: the length of the program's code word.
        delta: the bound may fail with at most this probability, in (0, 1).

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(description_length(0, 1000, bits=144), 3)
    0.098
    """
    return _upper(errors, samples, log_level(delta, bits=bits))


def interval(errors: int, samples: int, *, delta: float = 0.05) -> tuple[float, float]:
    """The exact two-sided interval for an error rate on samples that chose nothing.

    >>> [round(end, 3) for end in interval(5, 100)]
    [0.016, 0.113]
    """
    low = 1.0 - clopper_pearson(samples - errors, samples, delta=delta, count=2)
    return low, clopper_pearson(errors, samples, delta=delta, count=2)


def _upper(errors: int, samples: int, level: float) -> float:
    """The error rate at which the lower tail falls to exp(level)."""
    if whole("samples", samples) < 1:
        raise ArgumentError(f"a certificate needs at least 1 held-out sample, got {samples}.")
    if not 0 <= whole("errors", errors) <= samples:
        raise ArgumentError(f"`errors` must be between 0 and {samples} samples, got {errors}.")
    if errors == samples:
        return 1.0
    if errors == 0:
        return -math.expm1(level / samples)
    return _root(errors, samples, level)


def _root(errors: int, samples: int, level: float) -> float:
    low, high = errors / samples, 1.0
    choices = _log_choices(errors, samples)
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if _log_tail(middle, samples, choices) > level:
            low = middle
        else:
            high = middle
    return high


def _log_choices(errors: int, samples: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    steps = np.arange(1, errors + 1)
    return np.concatenate([[0.0], np.cumsum(np.log(samples - steps + 1) - np.log(steps))])


def _log_tail(
    rate: float, samples: int, choices: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    """The log of P(at most e errors) for a binomial with this error rate."""
    wrong = np.arange(len(choices))
    terms = choices + wrong * math.log(rate) + (samples - wrong) * math.log1p(-rate)
    return float(np.logaddexp.reduce(terms))
