"""Primality of a decimal number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.tasks import primes
from llmerm.tasks.prime_task import PrimeTask


@final
@dataclass(frozen=True, kw_only=True)
class IsPrime(PrimeTask):
    """Label 1 when the n-digit decimal number is prime.

    Positives are the first primes from uniform starts on; negatives are products of two uniform
    numbers of half the length, so most of them are even or end in 5: the last digit alone is a
    better guess than chance (see `is_prime_tail`). Source: the LLM-ERM paper (arXiv 2510.14331),
    "IsPrime".

    >>> IsPrime(n=3).label("101")
    1
    """

    name: ClassVar[str] = "is_prime"

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Primes, or products of two numbers, in decimal."""
        source = primes.random_primes if label else primes.random_composites
        return [str(z) for z in source(self.n, m, rng)]
