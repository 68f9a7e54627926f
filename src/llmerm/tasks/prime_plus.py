"""Primality of a shifted decimal number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks import primes
from llmerm.tasks.prime_task import with_primality
from llmerm.tasks.strings import StringTask

_FARTHEST = 10**9


@final
@dataclass(frozen=True, kw_only=True)
class PrimePlus(StringTask):
    """Label 1 when the n-digit decimal number is a prime plus `offset`.

    Negatives are composites that end in 1, 3, 7 or 9, plus the offset, so that the last digit
    gives nothing away. Source: the LLM-ERM paper (arXiv 2510.14331), "IsPrime + 47".

    Attributes:
        offset: what is added to the prime; it may be negative.

    >>> PrimePlus(n=3).label("150")
    1
    """

    name: ClassVar[str] = "prime_plus"
    alphabet: ClassVar[str] = "0123456789"
    smallest: ClassVar[int] = 2
    offset: int = 47

    def __post_init__(self) -> None:
        super().__post_init__()
        primes.check_digits(self.name, self.n)
        self.check_integer("offset", low=-_FARTHEST, high=_FARTHEST)
        if abs(self.offset) >= 8 * 10 ** (self.n - 1):
            raise TaskError(
                f"`offset`={self.offset} leaves no room among the numbers of n={self.n} digits. "
                f"Ask for n of at least {len(str(abs(self.offset))) + 1}."
            )

    def rule(self, x: str) -> int:
        """1 when `x` minus the offset is prime."""
        return int(primes.is_prime(int(x) - self.offset))

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Shifted primes, or shifted composites, in decimal."""
        if label:
            numbers = primes.random_primes(self.n, m, rng)
        else:
            numbers = primes.random_composites(self.n, m, rng, tail=True)
        low, high = 10 ** (self.n - 1), 10**self.n
        return [str(z + self.offset) for z in numbers if low <= z + self.offset < high]

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return with_primality(f"def f(x):\n    return int(is_prime(int(x) - {self.offset}))\n")
