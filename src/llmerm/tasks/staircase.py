"""Staircase functions, whose steps take up one or several coordinates at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits
from llmerm.tasks.coordinates import CoordinateTask

_SOURCE = """\
def f(x):
    total, product = 0, 1
    for block in {blocks}:
        for i in block:
            product *= 1 if x[i] == '1' else -1
        total += product
    return int(total > 0)
"""


@final
@dataclass(frozen=True, kw_only=True)
class Staircase(CoordinateTask):
    """Label 1 when p1 + p1 p2 + p1 p2 p3 + ... > 0, p a product of `leap` coordinates, -1 or +1.

    Each term has `leap` coordinates more than the one before it: that is the rule's leap, where a
    parity of all of them alone has the leap steps * leap. Gradient descent is conjectured to need
    about n ** max(leap - 1, 1) steps. The number of terms is odd: no sum is 0, and both classes
    are equally large. The sign keeps the leap: each term stays in the Fourier expansion, and every
    other monomial is a product of whole blocks.
    Source: Abbe, Boix-Adsera and Misiakiewicz, "SGD learning on neural networks: leap complexity
    and saddle-to-saddle dynamics" (arXiv 2302.11055).

    Attributes:
        steps: how many terms; odd.
        leap: how many coordinates each term adds; 1 is the staircase.

    >>> Staircase(n=3, steps=3, coordinates=(0, 1, 2)).label("110")
    1
    """

    name: ClassVar[str] = "staircase"
    steps: int = 3
    leap: int = 1

    def __post_init__(self) -> None:
        self.check_integer("steps", low=1)
        self.check_integer("leap", low=1)
        if self.steps % 2 == 0:
            raise TaskError(
                f"`steps` of staircase must be odd (an even sum can be 0), got {self.steps}. "
                f"Try steps={self.steps + 1}."
            )
        super().__post_init__()

    @property
    def reads(self) -> int:
        """The coordinates of the last term."""
        return self.steps * self.leap

    def values(self, bits: Bits) -> Bits:
        """Whether each row's sum is positive."""
        blocks = np.bitwise_xor.reduce(bits.reshape(len(bits), self.steps, self.leap), axis=2)
        # Zeros count as -1, so a product is negative where its zeros are odd in number.
        negative: Bits = np.bitwise_xor.accumulate(blocks ^ (self.leap % 2), axis=1)
        below: Bits = 2 * negative.sum(axis=1) < self.steps
        return below.astype(np.uint8)

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """The coordinates that each term adds."""
        starts = range(0, self.reads, self.leap)
        return tuple(self.chosen[start : start + self.leap] for start in starts)

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        return Program(_SOURCE.format(blocks=self.blocks))
