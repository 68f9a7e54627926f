"""Families over uniform bit strings: the class decides which draws are kept, nothing else."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from llmerm.tasks.strings import StringTask, to_codes, to_strings

Bits = NDArray[np.uint8]
"""A (rows, n) array of zeros and ones."""

_ZERO = np.uint8(ord("0"))
_COUNTED = 16  # up to this n the inputs of a class are counted one by one


@dataclass(frozen=True, kw_only=True)
class BitTask(StringTask):
    """A family over uniform bit strings. A subclass writes `labels` and `program`."""

    @abstractmethod
    def labels(self, bits: Bits) -> Bits:
        """The label of each row."""

    @final
    def rule(self, x: str) -> int:
        """The label of one string of bits."""
        return int(self.labels(to_codes([x]) - _ZERO)[0])

    @final
    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Uniform bit strings, those of the other class left out."""
        bits = uniform_bits(2 * m, self.n, rng)
        return bit_strings(bits[self.labels(bits) == label])

    def capacity(self, label: int) -> int | None:
        """How many of the 2**n strings have this label; counted for small n alone."""
        if self.n > _COUNTED:
            return None
        return int(np.count_nonzero(self.labels(all_bits(self.n)) == label))


def uniform_bits(rows: int, n: int, rng: np.random.Generator) -> Bits:
    """A (rows, n) array of fair, independent bits."""
    return rng.integers(0, 2, (rows, n), dtype=np.uint8)


def all_bits(n: int) -> Bits:
    """All 2**n rows of n bits, in counting order."""
    numbers = np.arange(2**n, dtype=np.uint32)[:, None]
    return (numbers >> np.arange(n - 1, -1, -1, dtype=np.uint32) & 1).astype(np.uint8)


def bit_strings(bits: Bits) -> list[str]:
    """One string of '0' and '1' for each row."""
    return to_strings(bits + _ZERO)


def odd(bits: Bits) -> Bits:
    """The parity of each row: 1 where the number of ones is odd."""
    parity: Bits = np.bitwise_xor.reduce(bits, axis=1)
    return parity
