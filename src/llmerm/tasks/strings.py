"""Families of strings in two classes: balanced, distinct, and honest about how many there are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.tasks.base import Task
from llmerm.typing import Sample, Value

_SMALL_BATCH = 32
_PATIENCE = 10_000  # draws in a row without a new input, before a class counts as used up


@dataclass(frozen=True, kw_only=True)
class StringTask(Task):
    """A family whose inputs are strings, labelled 0 or 1. A subclass writes `rule` and `draw`."""

    alphabet: ClassVar[str] = "01"

    @property
    def length(self) -> int:
        """How many characters an input has: `n`, unless the family says otherwise."""
        return self.n

    @abstractmethod
    def rule(self, x: str) -> int:
        """The label, 0 or 1, of a string that has the right length and alphabet."""

    @abstractmethod
    def draw(self, label: int, m: int, rng: np.random.Generator) -> Sequence[str]:
        """About `m` inputs of one class, duplicates allowed; fewer where draws are rejected."""

    def capacity(self, label: int) -> int | None:
        """How many distinct inputs `draw` can give for a class; None where that is not known."""
        return None

    @final
    def label(self, x: Value) -> int:
        """What the rule says of one input: 0 or 1.

        Raises:
            TaskError: if `x` is no input of this task.
        """
        if not isinstance(x, str) or len(x) != self.length or not set(x) <= set(self.alphabet):
            raise TaskError(
                f"an input of {self.name} at n={self.n} is a string of {self.length} characters "
                f"out of {self.alphabet!r}, got {x!r:.60}. "
                "For another length use `task.shifted(n=...)`."
            )
        return self.rule(x)

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
        if known is not None and count > known:
            raise TaskError(
                f"{self.name} at n={self.n} has {known} distinct inputs of class {label}, and "
                f"m={m} needs {count}. Ask for at most m={2 * known}, or for a larger n."
            )

    def _distinct(self, label: int, count: int, rng: np.random.Generator) -> list[str]:
        found: dict[str, None] = {}
        idle = 0
        while len(found) < count:
            before = len(found)
            batch = max(count - before, _SMALL_BATCH, idle)
            found.update(dict.fromkeys(self.draw(label, batch, rng)))
            idle = idle + batch if len(found) == before else 0
            # 20 idle rounds of the class leave e**-20 as the chance of a wrong refusal.
            if idle > _PATIENCE + 20 * len(found):
                raise self._used_up(label, count, len(found))
        return list(found)[:count]

    def _used_up(self, label: int, count: int, found: int) -> TaskError:
        return TaskError(
            f"{self.name} at n={self.n} gave only {found} distinct inputs of class {label}, and "
            f"{count} are needed. Ask for at most m={2 * found}, or for a larger n."
        )


def to_strings(codes: NDArray[np.uint8]) -> list[str]:
    """One string for each row of a (rows, length) array of character codes."""
    rows, length = codes.shape
    text = np.ascontiguousarray(codes).tobytes().decode("ascii")
    return [text[i * length : (i + 1) * length] for i in range(rows)]


def to_codes(strings: Sequence[str]) -> NDArray[np.uint8]:
    """The (rows, length) array of character codes of strings that have one length."""
    return np.frombuffer("".join(strings).encode("ascii"), np.uint8).reshape(len(strings), -1)
