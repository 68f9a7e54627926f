"""The constant that fits best: what any learner has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.baselines.base import Baseline
from llmerm.baselines.targets import Classes, targets
from llmerm.samples import Samples
from llmerm.typing import Value


@final
@dataclass(frozen=True)
class Constant:
    """Predicts one value for every input."""

    value: Value

    def predict(self, inputs: Sequence[Value]) -> list[Value]:
        """The value, once for each input."""
        return [self.value] * len(inputs)


def best_constant(train: Samples) -> Constant:
    """The most frequent label, or the mean of labels that are quantities."""
    found = targets(train.outputs)
    if isinstance(found, Classes):
        return Constant(found.most_frequent)
    return Constant(float(found.array.mean()))


@final
@dataclass(frozen=True, kw_only=True)
class Majority(Baseline):
    """Predicts the most frequent label, or the mean of labels that are quantities.

    >>> Majority().fit(Samples.of([("a", True), ("b", False), ("c", True)])).predict(["d"])
    [True]
    """

    name: ClassVar[str] = "majority"

    def fit(self, train: Samples, *, seed: int = 0) -> Constant:
        """The best constant; the seed changes nothing."""
        return best_constant(train)
