"""Functions from lists to lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.tasks.composed import ComposedTask
from llmerm.typing import Value


@final
@dataclass(frozen=True, kw_only=True)
class ListFunction(ComposedTask):
    """A list out of a list of numbers: random operations in a row (reverse, sort, filter, ...).

    An input is a list of n integers, uniform from 0 to 99.
    Source: the kind of tasks of DeepCoder (Balog et al., arXiv 1611.01989); operations and draws
    are this library's own.

    >>> ListFunction(n=3, steps=2, operations=("odd", "reverse")).label([1, 2, 3])
    [3, 1]
    """

    name: ClassVar[str] = "list_function"
    table: ClassVar[dict[str, str]] = {
        "reverse": "x[::-1]",
        "sort": "sorted(x)",
        "distinct": "sorted(set(x))",
        "rest": "x[1:]",
        "front": "x[:len(x) // 2]",
        "every_other": "x[::2]",
        "increment": "[t + 1 for t in x]",
        "double": "[2 * t for t in x]",
        "last_digit": "[t % 10 for t in x]",
        "odd": "[t for t in x if t % 2]",
        "large": "[t for t in x if t > 49]",
        "pair_sums": "[a + b for a, b in zip(x, x[1:])]",
        "rotate": "x[1:] + x[:1]",
        "running_max": "[max(x[:i + 1]) for i in range(len(x))]",
    }
    n: int = 10

    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """Integers from 0 to 99."""
        rows: list[Value] = rng.integers(0, 100, (m, self.n)).tolist()
        return rows
