"""What the best constant prediction achieves: the error to beat."""

from __future__ import annotations

import statistics
from collections import Counter

from llmerm.losses import ABSOLUTE, SQUARED, Loss
from llmerm.samples import Samples, Split
from llmerm.typing import Value
from llmerm.values import canonical, key


def error(split: Split, loss: Loss) -> float:
    """The error of the best constant on the held-out part, or on train where nothing is held out.

    >>> samples = Samples.of([("a", 0), ("b", 0), ("c", 1)])
    >>> from llmerm.losses import ZERO_ONE
    >>> error(Split(samples, samples.take(())), ZERO_ONE)
    0.3333333333333333
    """
    samples = split.held_out or split.train
    guess = _constant(samples, loss)
    mean = loss.mean([guess] * len(samples), [canonical(y) for y in samples.outputs])
    return 0.0 if mean is None else mean


def _constant(samples: Samples, loss: Loss) -> Value:
    """The label that the loss likes best: the mean, the median, or else the most frequent one."""
    if loss in (SQUARED, ABSOLUTE):
        numbers = [float(y) for y in samples.outputs if isinstance(y, (int, float))]
        return statistics.fmean(numbers) if loss == SQUARED else statistics.median(numbers)
    (most, _), *_ = Counter(map(key, samples.outputs)).most_common(1)
    return next(canonical(y) for y in samples.outputs if key(y) == most)
