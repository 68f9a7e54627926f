"""What the families about primes share: the rule on n digits, and the test as source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.program import Program
from llmerm.tasks import primes
from llmerm.tasks.strings import StringTask

_TEST = """\
def is_prime(z):
    # Miller-Rabin; with these bases no composite below 3.3e24 passes, and hardly any above it.
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if z < 2 or any(z % p == 0 for p in bases):
        return z in bases
    twos = ((z - 1) & (1 - z)).bit_length() - 1
    for base in bases:
        y = pow(base, (z - 1) >> twos, z)
        if y != 1 and all(pow(y, 1 << i, z) != z - 1 for i in range(twos)):
            return False
    return True
"""


@dataclass(frozen=True, kw_only=True)
class PrimeTask(StringTask):
    """Label 1 when the n-digit decimal number is prime. A subclass draws."""

    alphabet: ClassVar[str] = "0123456789"
    smallest: ClassVar[int] = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        primes.check_digits(self.name, self.n)

    @final
    def rule(self, x: str) -> int:
        """1 when `x` is prime."""
        return int(primes.is_prime(int(x)))

    @final
    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return with_primality("def f(x):\n    return int(is_prime(int(x)))\n")


def with_primality(body: str) -> Program:
    """A program whose `body`, a function f(x), can call `is_prime(z)`.

    The bound is from Sorenson and Webster, "Strong pseudoprimes to twelve prime bases" (2015).
    """
    return Program(f"{_TEST}\n\n{body}")
