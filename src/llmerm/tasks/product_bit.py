"""One bit of the product of two numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask

_SOURCE = """\
def f(x):
    half = len(x) // 2
    return int(x[:half], 2) * int(x[half:], 2) >> {place} & 1
"""


@final
@dataclass(frozen=True, kw_only=True)
class ProductBit(BitTask):
    """Label 1 when one bit of the product of two binary numbers is 1; uniform bits.

    The first half of the string is one number, the second half the other, highest bit first. The
    low bits depend on few input bits, the middle one on all: it needs decision diagrams of
    exponential size. Source: Bryant, "On the complexity of VLSI implementations and graph
    representations of Boolean functions with application to integer multiplication" (1991).

    Attributes:
        bit: which bit of the product, 0 the lowest; None takes the middle one, n // 2 - 1.

    >>> ProductBit(n=6, bit=3).label("011101")  # 3 * 5 = 0b1111
    1
    """

    name: ClassVar[str] = "product_bit"
    smallest: ClassVar[int] = 2
    bit: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.n % 2:
            raise TaskError(
                f"`n` of product_bit must be even (two numbers of n / 2 bits), got {self.n}. "
                f"Try n={self.n + 1}."
            )
        if self.bit is not None:
            self.check_integer("bit", low=0, high=self.n - 1)

    @property
    def place(self) -> int:
        """Which bit of the product it is at this length."""
        return self.n // 2 - 1 if self.bit is None else self.bit

    def labels(self, bits: Bits) -> Bits:
        """The bit of each row's product."""
        half, place = self.n // 2, self.place
        left, right = _numbers(bits[:, :half]), _numbers(bits[:, half:])
        return np.array([a * b >> place & 1 for a, b in zip(left, right, strict=True)], np.uint8)

    @property
    def program(self) -> Program:
        """The rule; it holds at every even length that has the bit."""
        return Program(_SOURCE.format(place="(half - 1)" if self.bit is None else self.bit))


def _numbers(bits: Bits) -> list[int]:
    """The number that each row of bits is."""
    packed = np.packbits(np.pad(bits, ((0, 0), (-bits.shape[1] % 8, 0))), axis=1)
    width, data = packed.shape[1], packed.tobytes()
    return [int.from_bytes(data[i : i + width], "big") for i in range(0, len(data), width)]
