"""What the best constant prediction achieves: the error to beat."""

from __future__ import annotations

import statistics
from collections import Counter

from llmerm.losses import ABSOLUTE, SQUARED, ZERO_ONE, Loss, tolerated
from llmerm.samples import Samples, Split
from llmerm.typing import Value
from llmerm.values import canonical, key


def error(split: Split, loss: Loss) -> float:
    """The error of the best constant on the held-out part, or on train where nothing is held out.

    For a loss of your own it is the best of three: the most frequent label, the mean, the median.

    >>> samples = Samples.of([("a", 0), ("b", 0), ("c", 1)])
    >>> from llmerm.losses import ZERO_ONE
    >>> error(Split(samples, samples.take(())), ZERO_ONE)
    0.3333333333333333
    """
    samples = split.held_out or split.train
    labels = [canonical(y) for y in samples.outputs]
    means = (loss.mean([guess] * len(labels), labels) for guess in _constants(samples, loss))
    return min((mean for mean in means if mean is not None), default=0.0)


def _constants(samples: Samples, loss: Loss) -> list[Value]:
    """The guesses of which the loss likes one best: the mean, the median, the most frequent."""
    numbers = [float(y) for y in samples.outputs if isinstance(y, (int, float))]
    if loss == SQUARED:
        return [statistics.fmean(numbers)]
    if loss == ABSOLUTE:
        return [statistics.median(numbers)]
    t = tolerated(loss)
    if t is not None and len(numbers) == len(samples):
        return [_centre(sorted(numbers), t)]
    (most, _), *_ = Counter(map(key, samples.outputs)).most_common(1)
    frequent = next(canonical(y) for y in samples.outputs if key(y) == most)
    if loss == ZERO_ONE or len(numbers) < len(samples):
        return [frequent]
    return [frequent, statistics.fmean(numbers), statistics.median(numbers)]


def _centre(numbers: list[float], t: float) -> float:
    """The middle of the most numbers, in their order, that lie within `t` of one number."""
    first, best = 0, (0, 0.0)
    for last, number in enumerate(numbers):
        while number - numbers[first] > 2 * t:
            first += 1
        best = max(best, (last - first, numbers[first] / 2 + number / 2))
    return best[1] if best[0] else numbers[0]
