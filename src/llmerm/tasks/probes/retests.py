"""Probes that ask a program that was learned as usual on other inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.samples import Samples
from llmerm.tasks.probes.base import Retest
from llmerm.typing import Sample, Value
from llmerm.values import key

_EDITS = 200  # random edits of one input, before another input is tried
_HOPELESS = 20  # inputs of one class in a row without a near miss, before the other is preferred
_ROUNDS = 50  # samples in a row without a single near miss, before they count as used up


@final
@dataclass(frozen=True)
class Longer(Retest):
    """Inputs of another length: does the rule found hold there, too?"""

    name: ClassVar[str] = "longer"
    factor: int = 2

    @property
    def about(self) -> str:
        """What the probe does, in words."""
        return f"inputs of {self.factor} times the length (n = {self.factor * self.task.n})"

    def samples(self, m: int, *, seed: int = 0) -> Samples:
        """`m` samples of the same rule at that length."""
        return self.task.shifted(n=self.factor * self.task.n).sample(m, seed)


@final
@dataclass(frozen=True)
class Balance(Retest):
    """One class much rarer than the other; a constant is right on most of these samples."""

    name: ClassVar[str] = "balance"
    share: float = 0.1

    @property
    def about(self) -> str:
        """What the probe does, in words."""
        first, second = self.task.classes
        return f"the label {second} on {self.share:.0%} of the inputs, else {first}"

    def samples(self, m: int, *, seed: int = 0) -> Samples:
        """`m` samples, of which the share (rounded) has the second label."""
        first, second = map(key, self.task.classes)
        wanted = {second: round(self.share * m)}
        wanted[first] = m - wanted[second]
        drawn = self.task.sample(2 * max(wanted.values()), seed)
        return drawn.take(_first_of_each(drawn, wanted))


def _first_of_each(samples: Samples, wanted: Mapping[str, int]) -> list[int]:
    left, chosen = dict(wanted), []
    for i, label in enumerate(map(key, samples.outputs)):
        if left[label]:
            left[label] -= 1
            chosen.append(i)
    return chosen


@final
@dataclass(frozen=True)
class NearMisses(Retest):
    """Pairs of inputs one edit apart that have different labels: the rule's own border."""

    name: ClassVar[str] = "near_misses"

    @property
    def about(self) -> str:
        """What the probe does, in words."""
        return "pairs of inputs that are one edit apart and have different labels"

    def samples(self, m: int, *, seed: int = 0) -> Samples:
        """`m` samples with distinct inputs; 2 i and 2 i + 1 are a pair.

        The labels are the rule's own, also where samples of the task are noisy.

        Raises:
            TaskError: if edits change no label, or there are too few such pairs.
        """
        self.check("m", m)
        rng = self.generator(m, seed)
        found: dict[str, Sample] = {}
        in_vain: Counter[str] = Counter()
        idle = 0
        while len(found) < m:
            before = len(found)
            drawn = self.task.sample(max(m // 2, 2), int(rng.integers(1 << 32)))
            for x in drawn.inputs:
                if len(found) < m:
                    self._add(x, found, in_vain, rng)
            idle = idle + 1 if len(found) == before else 0
            if idle == _ROUNDS:
                raise TaskError(
                    f"only {before} near misses of {self.task.name} were found at n={self.task.n}, "
                    f"m={m} are needed. Ask for fewer, or for a larger n."
                )
        inputs, outputs = zip(*islice(found.values(), m), strict=True)
        return Samples(inputs, outputs, name=self.task.name)

    def _add(
        self, x: Value, found: dict[str, Sample], in_vain: Counter[str], rng: np.random.Generator
    ) -> None:
        """The input and an edit that has another label, if there is one and both are new."""
        sample = Sample(x, self.task.label(x))
        hopeless = {key(label): in_vain[key(label)] >= _HOPELESS for label in self.task.classes}
        if hopeless[key(sample.y)] and not all(hopeless.values()):
            return
        other = self._across(sample, rng)
        in_vain[key(sample.y)] = 0 if other else in_vain[key(sample.y)] + 1
        if other and not found.keys() & {key(x), key(other.x)}:
            found |= {key(x): sample, key(other.x): other}

    def _across(self, sample: Sample, rng: np.random.Generator) -> Sample | None:
        """The first edit on the other side of the rule's border."""
        for _ in range(_EDITS):
            near = self.task.edited(sample.x, rng)
            label = self.task.label(near)
            if key(label) != key(sample.y):
                return Sample(near, label)
        return None
