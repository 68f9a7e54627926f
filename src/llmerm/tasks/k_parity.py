"""Parity of k fixed coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask, odd
from llmerm.tasks.seeding import generator


@final
@dataclass(frozen=True, kw_only=True)
class KParity(BitTask):
    """Label 1 when the ones at k fixed coordinates are odd in number; uniform bits.

    Source: the LLM-ERM paper (arXiv 2510.14331), "3-parity" and "10-parity".

    Attributes:
        k: how many coordinates.
        task_seed: which coordinates; it defines the rule, where `sample`'s seed draws inputs.
        coordinates: the coordinates in rising order, from 0; None draws them with `task_seed`.

    >>> KParity(n=4, k=2, coordinates=(0, 3)).label("1110")
    1
    """

    name: ClassVar[str] = "k_parity"
    k: int = 3
    task_seed: int = 0
    coordinates: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("k", low=1, high=self.n)
        self.check_integer("task_seed", low=0)
        chosen = self._drawn() if self.coordinates is None else tuple(sorted(self.coordinates))
        object.__setattr__(self, "coordinates", chosen)
        self._check(chosen)

    def _drawn(self) -> tuple[int, ...]:
        rng = generator("k_parity coordinates", self.n, self.k, self.task_seed)
        return tuple(sorted(rng.choice(self.n, self.k, replace=False).tolist()))

    def _check(self, chosen: tuple[int, ...]) -> None:
        if len(set(chosen)) != self.k or any(type(i) is not int or i < 0 for i in chosen):
            raise TaskError(
                f"`coordinates` must be k={self.k} distinct integers of at least 0, got {chosen}."
            )
        if chosen[-1] >= self.n:
            raise TaskError(
                f"k_parity over the coordinates {chosen} needs n of at least {chosen[-1] + 1}, "
                f"got {self.n}. For other coordinates make a new task with another `task_seed`."
            )

    def labels(self, bits: Bits) -> Bits:
        """The parity of the chosen columns of each row."""
        return odd(bits[:, list(self.coordinates or ())])

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        return Program(f"def f(x):\n    return sum(x[i] == '1' for i in {self.coordinates}) % 2\n")
