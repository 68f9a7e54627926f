"""What a method has learned from samples, whatever the method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llmerm.experiments.outcome import Outcome
from llmerm.samples import Samples
from llmerm.typing import Usage


@dataclass(frozen=True)
class Learned:
    """An outcome before its tests, and what is needed to test it.

    Attributes:
        outcome: what is known before the tests.
        accuracy: the share of right answers on samples; it raises an `LlmermError` where there
            are no answers.
        spent: what was spent so far, for those that also pay for their answers.
        most_tests: test samples at most, where each answer is paid for.
    """

    outcome: Outcome
    accuracy: Callable[[Samples], float]
    spent: Callable[[], Usage]
    most_tests: int | None = None
