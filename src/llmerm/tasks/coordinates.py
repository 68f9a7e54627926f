"""Families whose rule reads a few fixed coordinates of a bit string."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import final

from llmerm.errors import TaskError
from llmerm.tasks.base import as_tuple
from llmerm.tasks.bits import Bits, BitTask
from llmerm.tasks.seeding import generator


@dataclass(frozen=True, kw_only=True)
class CoordinateTask(BitTask):
    """A rule over a few coordinates of uniform bits. A subclass writes `reads`, `values`, `body`.

    Attributes:
        task_seed: what is random in the rule; `sample`'s seed draws inputs alone.
        coordinates: what the rule reads, in its order, from 0; None draws them with `task_seed`.
    """

    task_seed: int = 0
    coordinates: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        self.check_integer("n", low=max(self.smallest, self.reads))
        self.check_integer("task_seed", low=0)
        chosen = self._drawn() if self.coordinates is None else as_tuple(self.coordinates)
        object.__setattr__(self, "coordinates", chosen)
        self._check(chosen)

    @property
    @abstractmethod
    def reads(self) -> int:
        """How many coordinates the rule reads."""

    @abstractmethod
    def values(self, bits: Bits) -> Bits:
        """The label of each row of a (rows, reads) array: the bits at the coordinates."""

    @property
    def chosen(self) -> tuple[int, ...]:
        """The coordinates, in the order in which the rule reads them."""
        return self.coordinates or ()

    @final
    def labels(self, bits: Bits) -> Bits:
        """The label of each row."""
        return self.values(bits[:, list(self.chosen)])

    def _drawn(self) -> tuple[int, ...]:
        rng = generator(self.name, "coordinates", self.n, self.reads, self.task_seed)
        return tuple(rng.choice(self.n, self.reads, replace=False).tolist())

    def _check(self, chosen: tuple[object, ...]) -> None:
        whole = [i for i in chosen if isinstance(i, int) and type(i) is not bool and i >= 0]
        if len(whole) != len(chosen) or not len(whole) == len(set(whole)) == self.reads:
            raise TaskError(
                f"`coordinates` of {self.name} must be {self.reads} distinct integers of at least "
                f"0, got {chosen}."
            )
        if max(whole) >= self.n:
            raise TaskError(
                f"{self.name} over the coordinates {chosen} needs n of at least "
                f"{max(whole) + 1}, got {self.n}. For other coordinates make a new task with "
                "another `task_seed`."
            )
