"""When to stop looking for more: nothing shorter is to be expected any more."""

from __future__ import annotations

import math
from dataclasses import dataclass

BEYOND_BITS = 8.0
"""Levels are gone through up to so many bits more than the shortest program found has."""

LEAST_WORK = 64 << 20
TIMES_WORK = 3
"""And no shorter program came while the work grew to this, and to so many times what it was."""

FULL_BITS = 2.0
"""Where the memory is full, so many bits more are gone through: over the values that are there."""


@dataclass
class Effort:
    """What was found, at what price and after how much work (in bytes of values computed).

    A search has diminishing returns: a level more costs about twice the work, and a program one
    bit longer is half as probable. So it ends by itself, by a rule that no load on the machine
    changes, once the levels have passed the shortest program found by `BEYOND_BITS`, or once it
    has looked for a shorter one for `TIMES_WORK` times the work that finding this one took.
    """

    bits: float = math.inf
    work: int = 0

    def found(self, bits: float, work: int) -> None:
        """Take note of a program that fits all samples."""
        if bits < self.bits:
            self.bits, self.work = bits, work

    def enough(self, bits: float, work: int) -> bool:
        """True once the search may end, its levels having reached so many bits."""
        if math.isinf(self.bits):
            return False
        patience = max(LEAST_WORK, TIMES_WORK * self.work)
        return bits > self.bits + BEYOND_BITS or work > patience
