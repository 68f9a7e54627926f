"""A mean over seeds with its interval: Student's t, or exact binomial for one seed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llmerm import certificates
from llmerm.experiments.outcome import Checked

NOTE = (
    "95 % intervals: Student's t over the seeds; exact binomial (Clopper-Pearson) over all test "
    "samples for a single seed, and where the seeds agree to the last sample."
)
"""What every table and figure says of its intervals."""


@dataclass(frozen=True)
class Summary:
    """A mean over seeds, with the ends of its interval.

    Attributes:
        mean: an accuracy or another share in [0, 1], or a number of examples.
        low: the lower end, and `high` the upper one.
        seeds: how many.
        share: whether it is a share, shown in per cent.
    """

    mean: float
    low: float
    high: float
    seeds: int
    share: bool = True

    @property
    def brief(self) -> str:
        """The mean alone, as a person reads it."""
        return self._shown(self.mean)

    @property
    def interval(self) -> str:
        """The ends, as a person reads them; empty where a single seed has no spread."""
        if self.low == self.high:
            return ""
        return f"[{self._shown(self.low)}, {self._shown(self.high)}]"

    def __str__(self) -> str:
        return f"{self.brief} {self.interval}".rstrip()

    def _shown(self, value: float) -> str:
        return f"{100 * value:.1f}" if self.share else f"{value:,.0f}"


def summary(tests: Iterable[Checked | None], *, delta: float = 0.05) -> Summary | None:
    """The mean accuracy of tests that differ in their seed alone; None if none has an accuracy.

    Args:
        tests: one for each seed; those without an accuracy are left out, and not counted.
        delta: the interval may miss with at most this probability.

    >>> print(summary([Checked("fresh", 20, 0.5, 1_000)]))
    50.0 [46.9, 53.1]
    """
    done = [test for test in tests if test is not None and test.accuracy is not None]
    values = [test.accuracy for test in done if test.accuracy is not None]
    if not values:
        return None
    mean = statistics.fmean(values)
    if len(set(values)) == 1:
        samples = sum(test.samples for test in done)
        low, high = certificates.interval(round((1 - mean) * samples), samples, delta=delta)
        return Summary(values[0], 1.0 - high, 1.0 - low, len(values))
    return _by_t(values, mean, delta)


def _by_t(values: Sequence[float], mean: float, delta: float) -> Summary:
    width = t_quantile(1 - delta / 2, len(values) - 1)
    width *= statistics.stdev(values) / math.sqrt(len(values))
    return Summary(mean, max(0.0, mean - width), min(1.0, mean + width), len(values))


def t_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's t distribution, by bisection on its exact distribution function.

    Args:
        probability: in (1/2, 1).
        degrees: degrees of freedom, at least 1.

    Source: the closed forms for whole degrees of freedom, Abramowitz and Stegun 26.7.3, 26.7.4.

    >>> round(t_quantile(0.975, 4), 3)
    2.776
    """
    low, high = 0.0, 1.0
    while _within(high, degrees) < 2 * probability - 1:
        high *= 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if _within(middle, degrees) < 2 * probability - 1:
            low = middle
        else:
            high = middle
    return high


def _within(t: float, degrees: int) -> float:
    """P(|T| <= t)."""
    angle = math.atan(t / math.sqrt(degrees))
    odd = degrees % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for step in range(odd + 1, degrees, 2):
        total += term
        term *= math.cos(angle) ** 2 * step / (step + 1)
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total


def share(values: Sequence[float], *, delta: float = 0.05) -> Summary | None:
    """The mean of one value in [0, 1] a seed: exact binomial where each is 0 or 1, else t.

    A single seed has no interval: one trial says next to nothing.

    >>> print(share([1.0, 1.0, 1.0, 1.0, 1.0]))
    100.0 [47.8, 100.0]
    """
    if not values:
        return None
    mean = statistics.fmean(values)
    if len(values) == 1:
        return Summary(mean, mean, mean, 1)
    if set(values) <= {0.0, 1.0}:
        low, high = certificates.interval(round(sum(values)), len(values), delta=delta)
        return Summary(mean, low, high, len(values))
    return _by_t(values, mean, delta)


def counted(values: Sequence[int], *, delta: float = 0.05) -> Summary | None:
    """The mean of a number of examples, one a seed, with Student's interval; one seed has none.

    >>> print(counted([12]))
    12
    """
    if not values:
        return None
    mean = statistics.fmean(values)
    width = 0.0
    if len(values) > 1:
        width = t_quantile(1 - delta / 2, len(values) - 1)
        width *= statistics.stdev(values) / math.sqrt(len(values))
    return Summary(mean, max(1.0, mean - width), mean + width, len(values), share=False)
