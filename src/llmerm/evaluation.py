"""The error of a program on samples that played no part in finding it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evaluation:
    """A program's error on samples that played no part in finding it.

    Attributes:
        error: the mean loss.
        samples: how many samples.
        sample_errors: on how many of them the program gave no prediction.
        interval: the exact interval for the population error; None unless the loss counts errors.
        confidence: of the interval.
    """

    error: float
    samples: int
    sample_errors: int
    interval: tuple[float, float] | None
    confidence: float

    @property
    def accuracy(self) -> float:
        """1 - error; meaningful for the zero-one loss."""
        return 1.0 - self.error
