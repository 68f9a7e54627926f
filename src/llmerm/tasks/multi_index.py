"""Multi-index models: a number that depends on a few directions of the input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.base import as_tuple
from llmerm.tasks.program_task import ProgramTask
from llmerm.tasks.seeding import generator
from llmerm.typing import Value

_SOURCE = """\
def f(x):
    directions = {directions}
    z = [sum(sign * x[i] for i, sign in direction) for direction in directions]
    return {link}
"""
_LINKS = {
    "product": "float(math.prod(z))",
    "max": "float(max(z))",
    "norm": "math.sqrt(sum(t * t for t in z))",
}
Direction = tuple[tuple[int, int], ...]
"""Coordinates with their signs."""


@final
@dataclass(frozen=True, kw_only=True)
class MultiIndex(ProgramTask):
    """A number: a link function of a few sums of coordinates. Regression, for squared loss.

    An input is a list of n numbers, uniform in [-1, 1] with two decimals. Each of the `indices`
    directions is a sum of `k` coordinates with random signs; no coordinate is in two of them.
    The link "product" of r directions hides from every statistic of a degree below r.
    Source: multi-index models; Abbe, Boix-Adsera and Misiakiewicz (arXiv 2202.08658), Bietti,
    Bruna and Pillaud-Vivien (arXiv 2310.19793).

    Attributes:
        indices: how many directions.
        k: how many coordinates a direction has.
        link: "product", "max" or "norm" of the directions.
        task_seed: which coordinates and signs.
        directions: the coordinates and signs of each; None draws them with `task_seed`.

    >>> task = MultiIndex(n=2, indices=2, k=1, directions=(((0, 1),), ((1, -1),)))
    >>> task.label([0.5, 0.5])
    -0.25
    """

    name: ClassVar[str] = "multi_index"
    n: int = 20
    indices: int = 2
    k: int = 2
    link: Literal["product", "max", "norm"] = "product"
    task_seed: int = 0
    directions: tuple[Direction, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("indices", low=1)
        self.check_integer("k", low=1)
        self.check_integer("task_seed", low=0)
        self.check_integer("n", low=self.indices * self.k)
        if self.link not in _LINKS:
            raise TaskError(f"`link` must be one of {', '.join(_LINKS)}, got {self.link!r}.")
        chosen = self._drawn() if self.directions is None else self._read()
        object.__setattr__(self, "directions", chosen)

    def _drawn(self) -> tuple[Direction, ...]:
        rng = generator("multi_index directions", self.n, self.indices, self.k, self.task_seed)
        places = rng.choice(self.n, (self.indices, self.k), replace=False).tolist()
        signs = rng.choice([-1, 1], (self.indices, self.k)).tolist()
        return tuple(tuple(zip(*row, strict=True)) for row in zip(places, signs, strict=True))

    def _read(self) -> tuple[Direction, ...]:
        """The user's directions, checked."""
        rows = [[as_tuple(pair) for pair in as_tuple(row)] for row in as_tuple(self.directions)]
        pairs = [pair for row in rows for pair in row]
        whole = all(len(pair) == 2 and set(map(type, pair)) == {int} for pair in pairs)
        used = {pair[0] for pair in pairs} if whole else set()
        shaped = [len(row) for row in rows] == [self.k] * self.indices
        if not shaped or len(used) != len(pairs) or not used <= set(range(self.n)):
            raise TaskError(
                f"`directions` must be indices={self.indices} times k={self.k} pairs (coordinate, "
                f"sign) with distinct coordinates from 0 to n - 1 = {self.n - 1}, got "
                f"{self.directions}."
            )
        return tuple(tuple((i, sign) for i, sign in row) for row in self.directions or ())

    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """Numbers with two decimals."""
        rows: list[Value] = (rng.integers(-100, 101, (m, self.n)) / 100).tolist()
        return rows

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        body = _SOURCE.format(directions=self.directions, link=_LINKS[self.link])
        return Program(f"import math\n\n\n{body}" if "math" in body else body)
