"""Two numbers whose greatest common divisor lies in a range."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks import primes
from llmerm.tasks.strings import StringTask

_SOURCE = """\
from math import gcd


def f(x):
    half = len(x) // 2
    return int({low} <= gcd(int(x[:half]), int(x[half:])) <= {high})
"""


@final
@dataclass(frozen=True, kw_only=True)
class GcdRange(StringTask):
    """Label 1 when the greatest common divisor of two numbers lies in [low, high].

    The input is one string: the first half is one number, the second half the other. Both classes
    are drawn alike: a divisor d, then two uniform multiples of it, kept where the rule agrees. For
    positives d is uniform in [low, high]. For negatives it is uniform in [2, low) or
    (high, 2 * high], so that a common factor alone gives nothing away.
    Source: the code of the LLM-ERM paper (arXiv 2510.14331), gcd in [20, 51].

    Attributes:
        low: the least divisor of class 1.
        high: the greatest divisor of class 1.

    >>> GcdRange(n=6).label("120140")
    1
    """

    name: ClassVar[str] = "gcd_range"
    alphabet: ClassVar[str] = "0123456789"
    smallest: ClassVar[int] = 4
    low: int = 20
    high: int = 51

    def __post_init__(self) -> None:
        super().__post_init__()
        primes.check_digits(self.name, self.n // 2)
        if self.n % 2:
            raise TaskError(
                f"`n` of gcd_range must be even (two numbers of n / 2 digits), got {self.n}. "
                f"Try n={self.n + 1}."
            )
        self.check_integer("low", low=3)
        self.check_integer("high", low=self.low)
        if 2 * self.high >= 10 ** (self.n // 2):
            raise TaskError(
                f"gcd_range needs multiples of divisors up to {2 * self.high}, twice `high`, among "
                f"the numbers of n / 2 = {self.n // 2} digits. Try a larger n."
            )

    def rule(self, x: str) -> int:
        """1 when the divisor lies in the range."""
        half = len(x) // 2
        return int(self.low <= gcd(int(x[:half]), int(x[half:])) <= self.high)

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Two multiples of one divisor, in decimal, kept where the rule gives the label."""
        within = np.arange(self.low, self.high + 1)
        outside = np.r_[2 : self.low, self.high + 1 : 2 * self.high + 1]
        divisors = rng.choice(within if label else outside, m).tolist()
        left, right = (primes.numbers(primes.random_digits(m, self.n // 2, rng)) for _ in range(2))
        pairs = (f"{a - a % d}{b - b % d}" for a, b, d in zip(left, right, divisors, strict=True))
        return [x for x in pairs if len(x) == self.n and self.rule(x) == label]

    @property
    def program(self) -> Program:
        """The rule; it holds at every even length."""
        return Program(_SOURCE.format(low=self.low, high=self.high))
