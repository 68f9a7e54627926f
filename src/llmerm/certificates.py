"""Certificates: how wrong the chosen program can be on the population, with what confidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from llmerm.errors import ArgumentError

POPULATION = "inputs drawn like the samples, labels in the same shares"
"""What a bound speaks of. The split is stratified, so each label counts there in the share that it
has in the held-out part: given the labels, the held-out errors are independent, and the exact bound
for equal error rates holds for unequal ones too (Hoeffding 1956)."""


@dataclass(frozen=True)
class Certificate:
    """An upper bound on the population error of one program.

    Attributes:
        bound: the error is at most this; 1.0 or infinity where nothing can be said.
        confidence: the bound holds with at least this probability over the held-out samples.
        method: how it was computed; "none" where nothing can be said.
        count: the number of candidates that the bound pays for (the union bound).
        errors: held-out errors of the program.
        samples: held-out samples.
        why: how the count came about, or why there is no bound, in words.
        population: what the bound speaks of, in words.
    """

    bound: float
    confidence: float
    method: str
    count: int
    errors: int
    samples: int
    why: str
    population: str = POPULATION

    def __str__(self) -> str:
        if self.method == "none":
            return f"no certificate: {self.why}"
        upwards = math.ceil(self.bound * 10_000) / 10_000
        return (
            f"with confidence {self.confidence:.4g} the program is wrong on at most "
            f"{upwards:.2%} of {self.population} ({self.errors} errors "
            f"on {self.samples} held-out samples; {self.why})"
        )


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
    _check(errors, samples, delta, count)
    if errors >= samples:
        return 1.0
    log_level = math.log(delta / count)
    if errors == 0:
        return -math.expm1(log_level / samples)
    return _root(errors, samples, log_level)


def _check(errors: int, samples: int, delta: float, count: int) -> None:
    if not 0 <= errors <= samples:
        raise ArgumentError(f"`errors` must be between 0 and {samples} samples, got {errors}.")
    if samples < 1:
        raise ArgumentError("a certificate needs at least 1 held-out sample, got 0.")
    if not 0 < delta < 1:
        raise ArgumentError(f"`delta` must be in (0, 1), got {delta}. 0.05 is confidence 95 %.")
    if count < 1:
        raise ArgumentError(f"`count` must be at least 1, got {count}.")


def _root(errors: int, samples: int, log_level: float) -> float:
    """The error rate at which the lower tail falls to the level, by bisection."""
    low, high = errors / samples, 1.0
    choices = _log_choices(errors, samples)
    while high - low > 1e-12:
        middle = (low + high) / 2
        if _log_tail(middle, samples, choices) > log_level:
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


def best_of(errors: int, samples: int, *, delta: float, count: int, why: str) -> Certificate:
    """The certificate of the best of `count` candidates, exact for the zero-one loss."""
    bound = clopper_pearson(errors, samples, delta=delta, count=count)
    return Certificate(bound, 1 - delta, "clopper-pearson+union", count, errors, samples, why)


def none(why: str, *, delta: float, worst: float = 1.0) -> Certificate:
    """The certificate that says nothing, and why; `worst` is the loss's own upper end."""
    return Certificate(worst, 1 - delta, "none", 0, 0, 0, why)


def interval(errors: int, samples: int, *, delta: float = 0.05) -> tuple[float, float]:
    """The exact two-sided interval for an error rate on samples that chose nothing.

    >>> [round(end, 3) for end in interval(5, 100)]
    [0.016, 0.113]
    """
    low = 1.0 - clopper_pearson(samples - errors, samples, delta=delta, count=2)
    return low, clopper_pearson(errors, samples, delta=delta, count=2)
