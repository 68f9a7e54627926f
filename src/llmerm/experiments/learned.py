"""What a method has learned from samples, whatever the method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llmerm.experiments.outcome import Outcome
from llmerm.samples import Samples


@dataclass(frozen=True)
class Learned:
    """An outcome before its tests, and the share of right answers on samples.

    `accuracy` raises an `LlmermError` where there are no answers.
    """

    outcome: Outcome
    accuracy: Callable[[Samples], float]
