"""The sign of a permutation."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.two_class import TwoClassTask
from llmerm.typing import Value

_COUNTED = 20  # beyond it n! is more than anyone asks for
_SOURCE = """\
def f(x):
    return sum(a > b for i, b in enumerate(x) for a in x[:i]) % 2
"""


@final
@dataclass(frozen=True, kw_only=True)
class Permutation(TwoClassTask):
    """Label 1 when a permutation of 0, ..., n - 1 is odd: its inversions are odd in number.

    The input is a tuple of n integers; both classes are uniform. One swap of two entries always
    changes the label. Source: the sign of a permutation, as any textbook has it.

    >>> Permutation(n=3).label((1, 0, 2))
    1
    """

    name: ClassVar[str] = "permutation"
    smallest: ClassVar[int] = 2
    n: int = 20

    def label(self, x: Value) -> int:
        """1 when the permutation is odd: n minus the number of its cycles is.

        Raises:
            TaskError: if `x` is no permutation of 0, ..., n - 1.
        """
        items = list(x) if isinstance(x, (list, tuple)) else []
        order = [i for i in items if isinstance(i, int) and not isinstance(i, bool)]
        if len(items) != self.n or sorted(order) != list(range(self.n)):
            raise TaskError(
                f"an input of permutation at n={self.n} has the integers 0 to {self.n - 1} in some "
                f"order, got {x!r:.60}. For another length use `task.shifted(n=...)`."
            )
        return (self.n - _cycles(order)) % 2

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
        """Uniform permutations; where the sign is the other one, two entries are swapped."""
        rows = rng.permuted(np.tile(np.arange(self.n), (m, 1)), axis=1).tolist()
        for row in rows:
            if (self.n - _cycles(row)) % 2 != label:
                row[0], row[1] = row[1], row[0]
        return [tuple(row) for row in rows]

    def capacity(self, label: int) -> int | None:
        """Half of all permutations."""
        return factorial(self.n) // 2 if self.n <= _COUNTED else None

    def edited(self, x: Value, rng: np.random.Generator) -> Value:
        """The permutation with two entries swapped."""
        order = list(x) if isinstance(x, (list, tuple)) else []
        i, j = rng.choice(self.n, 2, replace=False).tolist()
        order[i], order[j] = order[j], order[i]
        return tuple(order)

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(_SOURCE)


def _cycles(order: list[int]) -> int:
    seen, count = [False] * len(order), 0
    for start in order:
        count += not seen[start]
        while not seen[start]:
            seen[start] = True
            start = order[start]
    return count
