"""Two numbers, both prime or both not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks import primes
from llmerm.tasks.prime_task import with_primality
from llmerm.tasks.strings import StringTask

_BODY = """\
def f(x):
    half = len(x) // 2
    return int(is_prime(int(x[:half])) == is_prime(int(x[half:])))
"""


@final
@dataclass(frozen=True, kw_only=True)
class EqualPrimality(StringTask):
    """Label 1 when the two numbers of n / 2 digits in the string are both prime or both not.

    The input is one string: the first half is one number, the second half the other. Each label's
    two cases (both, neither; first, second) are equally likely, and every composite ends in 1, 3,
    7 or 9. Source: the code of the LLM-ERM paper (arXiv 2510.14331), two numbers.

    >>> EqualPrimality(n=4).label("1723")
    1
    """

    name: ClassVar[str] = "equal_primality"
    alphabet: ClassVar[str] = "0123456789"
    smallest: ClassVar[int] = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        primes.check_digits(self.name, self.n // 2)
        if self.n % 2:
            raise TaskError(
                f"`n` of equal_primality must be even (two numbers of n / 2 digits), got {self.n}. "
                f"Try n={self.n + 1}."
            )

    def rule(self, x: str) -> int:
        """1 when both halves are prime, or neither is."""
        half = len(x) // 2
        return int(primes.is_prime(int(x[:half])) == primes.is_prime(int(x[half:])))

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Two numbers in decimal, the first prime by a fair coin, the second as the label asks."""
        first = rng.integers(0, 2, m) == 1
        left = self._numbers(first, rng)
        right = self._numbers(first if label else ~first, rng)
        return [a + b for a, b in zip(left, right, strict=True) if a and b]

    def _numbers(self, prime: NDArray[np.bool_], rng: np.random.Generator) -> list[str]:
        """A prime where `prime` says so, else a composite; empty where none came."""
        digits, wanted = self.n // 2, int(prime.sum())
        yes = iter(primes.random_primes(digits, wanted, rng))
        no = iter(primes.random_composites(digits, 2 * (len(prime) - wanted), rng, tail=True))
        return [str(next(yes if is_prime else no, "")) for is_prime in prime.tolist()]

    @property
    def program(self) -> Program:
        """The rule; it holds at every even length."""
        return with_primality(_BODY)
