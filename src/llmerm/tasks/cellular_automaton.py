"""One cell of a cellular automaton after several steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask

_SOURCE = """\
def f(x):
    table = {table}
    for _ in range({steps}):
        padded = '0' + x + '0'
        x = ''.join(table[int(padded[i:i + 3], 2)] for i in range(len(x)))
    return int(x[len(x) // 2])
"""


@final
@dataclass(frozen=True, kw_only=True)
class CellularAutomaton(BitTask):
    """Label 1 when the middle cell of a width-3 automaton is 1 after some steps; uniform bits.

    The middle cell is x[n // 2] and sees 2 * steps + 1 cells; both ends are padded with one zero.
    For the parity of all cells after one step see `ca_parity`.
    Source: Wolfram, "Statistical mechanics of cellular automata" (1983), for the rule numbers.

    Attributes:
        rule_number: Wolfram's number of the automaton, 0 to 255.
        steps: how many steps are made.

    >>> CellularAutomaton(n=3, rule_number=90, steps=1).label("001")
    1
    """

    name: ClassVar[str] = "cellular_automaton"
    rule_number: int = 30
    steps: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("rule_number", low=0, high=255)
        self.check_integer("steps", low=1, high=1000)

    def labels(self, bits: Bits) -> Bits:
        """The middle cell of each row after the last step."""
        middle = self.n // 2
        # The cells that the middle one sees, and one beyond at each side: wrong ones die out.
        start, stop = max(0, middle - self.steps - 1), middle + self.steps + 2
        cells = bits[:, start:stop]
        for _ in range(self.steps):
            cells = self._step(cells)
        return cells[:, middle - start].copy()

    def _step(self, cells: Bits) -> Bits:
        padded = np.pad(cells, ((0, 0), (1, 1)))
        windows = 4 * padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
        table = np.array([self.rule_number >> window & 1 for window in range(8)], np.uint8)
        stepped: Bits = table[windows]
        return stepped

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        table = f"{self.rule_number:08b}"[::-1]
        return Program(_SOURCE.format(table=repr(table), steps=self.steps))
