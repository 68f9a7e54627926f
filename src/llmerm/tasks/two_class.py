"""Families of two classes: balanced, distinct, and honest about how many inputs there are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from llmerm.errors import TaskError
from llmerm.tasks.base import Task
from llmerm.typing import Sample, Value

_SMALL_BATCH = 32
_PATIENCE = 10_000  # draws in a row without a new input, before a class counts as used up


@dataclass(frozen=True, kw_only=True)
class TwoClassTask(Task):
    """A family of hashable inputs (strings, tuples) labelled 0 or 1. A subclass draws a class."""

    @abstractmethod
    def draw(self, label: int, m: int, rng: np.random.Generator) -> Sequence[Value]:
        """About `m` inputs of one class, duplicates allowed; fewer where draws are rejected."""

    def capacity(self, label: int) -> int | None:
        """How many distinct inputs `draw` can give for a class; None where that is not known."""
        return None

    @final
    @property
    def classes(self) -> tuple[Value, ...]:
        """Both labels."""
        return (0, 1)

    @final
    def pairs(self, m: int, rng: np.random.Generator) -> list[Sample]:
        """`m` labelled inputs, half of each class; a coin decides who gets the odd one."""
        ones = (m + int(rng.integers(2))) // 2
        wanted = {1: ones, 0: m - ones}
        for label, count in wanted.items():
            self._check_capacity(label, count, m)
        return [
            Sample(x, label)
            for label, count in wanted.items()
            for x in self._distinct(label, count, rng)
        ]

    def _check_capacity(self, label: int, count: int, m: int) -> None:
        known = self.capacity(label)
        if known == 0 < count:
            raise self._empty(label)
        if known is not None and count > known:
            raise TaskError(
                f"{self.name} at n={self.n} has {known} distinct inputs of class {label}, and "
                f"m={m} needs {count}. Ask for at most m={2 * known}, or for a larger n."
            )

    def _distinct(self, label: int, count: int, rng: np.random.Generator) -> list[Value]:
        found: dict[Value, None] = {}
        idle = 0
        while len(found) < count:
            before = len(found)
            batch = max(count - before, _SMALL_BATCH, idle)
            found.update(dict.fromkeys(self.draw(label, batch, rng)))
            idle = idle + batch if len(found) == before else 0
            # 20 idle rounds of the class leave e**-20 as the chance of a wrong refusal.
            if idle > _PATIENCE + 20 * len(found):
                raise self._used_up(label, count, len(found)) if found else self._empty(label)
        return list(found)[:count]

    def _used_up(self, label: int, count: int, found: int) -> TaskError:
        return TaskError(
            f"{self.name} at n={self.n} gave only {found} distinct inputs of class {label}, and "
            f"{count} are needed. Ask for at most m={2 * found}, or for a larger n."
        )

    def _empty(self, label: int) -> TaskError:
        return TaskError(
            f"{self.name} gives no input of class {label} with the parameters "
            f"{dict(self.parameters)}: its rule says {1 - label} of all, or almost all, inputs. "
            "Try other parameters."
        )
