"""The error of a program on samples that played no part in finding it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Evaluation:
    """A program's error on samples that played no part in finding it. Print it for a sentence.

    Attributes:
        error: the mean loss.
        samples: how many samples.
        sample_errors: on how many of them the program gave no prediction.
        interval: the exact interval for the population error; None unless the loss counts errors,
            and for the samples of the fit itself.
        confidence: of the interval; of sealed samples, that the intervals of all uses hold.
        use: which of the declared uses of sealed samples this is, from 1; 0 for other samples.
        uses: how many were declared; 0 for other samples.
        population: what the interval speaks of, in words.
        wrong: what counts as an error, in words; empty where the error is a mean loss.
        own: whether these are the samples of the fit itself, from which no interval follows.

    >>> print(Evaluation(0.05, 60, 0, (0.0104, 0.1393), 0.95, use=1, uses=1))
    the program is wrong on 3 of 60 sealed samples; with confidence 0.95 on 1.04% to 13.93% of ...
    """

    error: float
    samples: int
    sample_errors: int
    interval: tuple[float, float] | None
    confidence: float
    use: int = 0
    uses: int = 0
    population: str = "the population"
    wrong: str = "is wrong"
    own: bool = False

    @property
    def accuracy(self) -> float:
        """1 - error; meaningful for the zero-one loss."""
        return 1.0 - self.error

    def __str__(self) -> str:
        missing = f"no prediction on {self.sample_errors} of them" if self.sample_errors else ""
        use = f"use {self.use} of {self.uses}" if self.uses else ""
        return "; ".join(filter(None, (self._seen, missing, self._claim, use)))

    def __repr__(self) -> str:
        return f"Evaluation({self})"

    @property
    def _seen(self) -> str:
        on = f"{self.samples} {'sealed ' * bool(self.uses)}sample{'s' * (self.samples > 1)}"
        if not self.wrong:
            return f"the program's mean loss is {self.error:.4g} on {on}"
        return f"the program {self.wrong} on {round(self.error * self.samples)} of {on}"

    @property
    def _claim(self) -> str:
        """The interval, rounded outwards."""
        if self.own:
            return "these are the samples of the fit itself, so nothing follows for other inputs"
        if self.interval is None:
            return ""
        low, high = self.interval
        ends = f"{math.floor(low * 10_000) / 10_000:.2%} to {math.ceil(high * 10_000) / 10_000:.2%}"
        together = f", all {self.uses} uses at once," if self.uses > 1 else ""
        return f"with confidence {self.confidence:.4g}{together} on {ends} of {self.population}"
