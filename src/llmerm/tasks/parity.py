"""Full parity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask, odd


@final
@dataclass(frozen=True, kw_only=True)
class Parity(BitTask):
    """Label 1 when the number of ones is odd; uniform bits.

    Source: the LLM-ERM paper (arXiv 2510.14331), "parity".

    >>> Parity(n=4).label("0111")
    1
    """

    name: ClassVar[str] = "parity"

    def labels(self, bits: Bits) -> Bits:
        """The parity of each row."""
        return odd(bits)

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program("def f(x):\n    return x.count('1') % 2\n")
