"""First-half parity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask, odd


@final
@dataclass(frozen=True, kw_only=True)
class HalfParity(BitTask):
    """Label 1 when the ones in the first n // 2 characters are odd in number; uniform bits.

    Source: the LLM-ERM paper (arXiv 2510.14331), "first-half parity".

    >>> HalfParity(n=4).label("0111")
    1
    """

    name: ClassVar[str] = "half_parity"
    smallest: ClassVar[int] = 2

    def labels(self, bits: Bits) -> Bits:
        """The parity of the first half of each row."""
        return odd(bits[:, : self.n // 2])

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program("def f(x):\n    return x[:len(x) // 2].count('1') % 2\n")
