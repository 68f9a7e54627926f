"""Families of strings in two classes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.tasks.two_class import TwoClassTask
from llmerm.typing import Value
from llmerm.values import replaced


@dataclass(frozen=True, kw_only=True)
class StringTask(TwoClassTask):
    """A family whose inputs are strings, labelled 0 or 1. A subclass writes `rule` and `draw`."""

    alphabet: ClassVar[str] = "01"

    @property
    def symbols(self) -> str:
        """The characters of an input: the family's `alphabet`, unless a parameter says them."""
        return self.alphabet

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

    @final
    def label(self, x: Value) -> int:
        """What the rule says of one input: 0 or 1.

        Raises:
            TaskError: if `x` is no input of this task.
        """
        if not isinstance(x, str) or len(x) != self.length or not set(x) <= set(self.symbols):
            raise TaskError(
                f"an input of {self.name} at n={self.n} is a string of {self.length} characters "
                f"out of {self.symbols!r}, got {x!r:.60}. "
                "For another length use `task.shifted(n=...)`."
            )
        return self.rule(x)

    def edited(self, x: Value, rng: np.random.Generator) -> Value:
        """The string with one character replaced by another one of the alphabet."""
        text = str(x)
        place = int(rng.integers(len(text)))
        others = self.symbols.replace(text[place], "")
        return replaced(text, place, others[int(rng.integers(len(others)))])


def to_strings(codes: NDArray[np.uint8]) -> list[str]:
    """One string for each row of a (rows, length) array of character codes."""
    rows, length = codes.shape
    text = np.ascontiguousarray(codes).tobytes().decode("ascii")
    return [text[i * length : (i + 1) * length] for i in range(rows)]


def to_codes(strings: Sequence[str]) -> NDArray[np.uint8]:
    """The (rows, length) array of character codes of strings that have one length."""
    return np.frombuffer("".join(strings).encode("ascii"), np.uint8).reshape(len(strings), -1)
