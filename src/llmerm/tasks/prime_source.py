"""The primality test that the programs of the number families carry, as source."""

from __future__ import annotations

from llmerm.program import Program

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


def with_primality(body: str) -> Program:
    """A program whose `body`, a function f(x), can call `is_prime(z)`.

    The bound is from Sorenson and Webster, "Strong pseudoprimes to twelve prime bases" (2015).
    """
    return Program(f"{_TEST}\n\n{body}")
