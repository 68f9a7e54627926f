"""Occurrence of a fixed pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import bit_strings, uniform_bits
from llmerm.tasks.strings import StringTask


@final
@dataclass(frozen=True, kw_only=True)
class Pattern(StringTask):
    """Label 1 when the pattern occurs somewhere in the string.

    Positives are uniform bits with the pattern planted at a uniform place; negatives are uniform
    over the strings without it. Source: the LLM-ERM paper (arXiv 2510.14331), "pattern 1"
    (10101010) and "pattern 2" (00111111).

    Attributes:
        pattern: the bits to look for, next to each other.

    >>> Pattern(n=6, pattern="101").label("001010")
    1
    """

    name: ClassVar[str] = "pattern"
    pattern: str = "10101010"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.pattern, str) or not self.pattern or set(self.pattern) - {"0", "1"}:
            raise TaskError(
                f"`pattern` must be a string of the bits 0 and 1, got {self.pattern!r}. "
                "Try '10101010'."
            )
        if len(self.pattern) > self.n:
            raise TaskError(
                f"the pattern {self.pattern!r} needs n of at least {len(self.pattern)}, "
                f"got {self.n}."
            )

    def rule(self, x: str) -> int:
        """1 when the pattern occurs in `x`."""
        return int(self.pattern in x)

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Bits with the pattern planted, or bits without it."""
        return bit_strings(self._planted(m, rng) if label else self._without(m, rng))

    def capacity(self, label: int) -> int:
        """How many strings have this label, exactly."""
        without = self._counts()[self.n][0]
        return 2**self.n - without if label else without

    def _planted(self, m: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        bits = uniform_bits(m, self.n, rng)
        width = len(self.pattern)
        places = rng.integers(0, self.n - width + 1, m)
        columns = places[:, None] + np.arange(width)
        bits[np.arange(m)[:, None], columns] = [int(bit) for bit in self.pattern]
        return bits

    def _without(self, m: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Walks of the matching automaton that never accept, each one equally likely."""
        moves, chances = np.array(self._moves()), self._chance_of_one()
        bits = np.empty((m, self.n), np.uint8)
        state = np.zeros(m, np.intp)
        for i in range(self.n):
            bits[:, i] = rng.random(m) < chances[self.n - i, state]
            state = moves[state, bits[:, i]]
        return bits

    def _moves(self) -> list[tuple[int, int]]:
        """From each number of matched characters, where a 0 and a 1 lead (the full match too)."""
        zero, one = (
            [self._longest(self.pattern[:matched] + bit) for matched in range(len(self.pattern))]
            for bit in "01"
        )
        return list(zip(zero, one, strict=True))

    def _longest(self, text: str) -> int:
        """The length of the longest prefix of the pattern that `text` ends in."""
        return next(k for k in range(len(text), -1, -1) if text.endswith(self.pattern[:k]))

    def _counts(self) -> list[list[int]]:
        """By remaining length and state: how many continuations avoid the pattern."""
        moves = self._moves()
        rows = [[1] * len(moves) + [0]]
        for _ in range(self.n):
            last = rows[-1]
            rows.append([last[zero] + last[one] for zero, one in moves] + [0])
        return rows

    def _chance_of_one(self) -> NDArray[np.float64]:
        """By remaining length and state: the share of the continuations that start with 1."""
        counts = self._counts()
        table = np.zeros((self.n + 1, len(self.pattern)))
        for left in range(1, self.n + 1):
            for state, (_, one) in enumerate(self._moves()):
                total = counts[left][state]
                table[left, state] = counts[left - 1][one] / total if total else 0.0
        return table

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(f"def f(x):\n    return int({self.pattern!r} in x)\n")
