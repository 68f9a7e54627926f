"""Parity of one step of a cellular automaton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask, odd

_SOURCE = """\
def f(x):
    table = {table}
    padded = '0' + x + '0'
    windows = (padded[i:i + 3] for i in range(len(x)))
    return sum(table[int(window, 2)] for window in windows) % 2
"""


@final
@dataclass(frozen=True, kw_only=True)
class CaParity(BitTask):
    """Label 1 when one step of a width-3 automaton leaves an odd number of ones; uniform bits.

    Both ends are padded with one zero. Source: the LLM-ERM paper (arXiv 2510.14331), "CA parity",
    whose table 0, 1, 1, 1, 1, 0, 0, 0 (by window value) is Wolfram's rule 30.

    Attributes:
        rule_number: Wolfram's number of the automaton, 0 to 255.

    >>> CaParity(n=3).label("010")
    1
    """

    name: ClassVar[str] = "ca_parity"
    rule_number: int = 30

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("rule_number", low=0, high=255)

    @property
    def table(self) -> tuple[int, ...]:
        """The next state by window value: 4 * left + 2 * middle + right."""
        return tuple(self.rule_number >> window & 1 for window in range(8))

    def labels(self, bits: Bits) -> Bits:
        """The parity of each row after one step."""
        padded = np.pad(bits, ((0, 0), (1, 1)))
        windows = 4 * padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
        return odd(np.array(self.table, np.uint8)[windows])

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(_SOURCE.format(table=self.table))
