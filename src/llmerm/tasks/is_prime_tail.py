"""Primality of a decimal number, where the last digit gives nothing away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.tasks import primes
from llmerm.tasks.prime_task import PrimeTask


@final
@dataclass(frozen=True, kw_only=True)
class IsPrimeTail(PrimeTask):
    """Label 1 when the n-digit decimal number is prime; all inputs end in 1, 3, 7 or 9.

    As `is_prime`, with the composites that end in another digit left out. Source: the LLM-ERM
    paper (arXiv 2510.14331), IsPrime with restricted last digits.

    >>> IsPrimeTail(n=3).label("111")
    0
    """

    name: ClassVar[str] = "is_prime_tail"

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Primes, or products of two numbers that end in 1, 3, 7 or 9, in decimal."""
        if label:
            return [str(z) for z in primes.random_primes(self.n, m, rng)]
        return [str(z) for z in primes.random_composites(self.n, m, rng, tail=True)]
