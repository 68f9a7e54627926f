"""Palindromes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, bit_strings, uniform_bits
from llmerm.tasks.strings import StringTask


@final
@dataclass(frozen=True, kw_only=True)
class Palindrome(StringTask):
    """Label 1 when the string reads the same backwards; positives are mirrored uniform halves.

    Negatives come in two kinds, and every one is no palindrome, at odd lengths too:

    * "one_flip" (the default): a palindrome with one bit flipped, never the centre. Only a rule
      that looks at every place can tell it, so it measures whether the rule was found. (At even
      n the number of ones tells it too: it is even in a palindrome, and odd after a flip.)
    * "uniform": uniform bits, as in the published table. Half of the pairs disagree, so a few
      pairs are enough to guess well: XGBoost gets 83.6 % there at n = 100.

    Source: the LLM-ERM paper (arXiv 2510.14331), "palindrome".

    Attributes:
        negatives: "one_flip" or "uniform".

    >>> Palindrome(n=5).label("01010")
    1
    """

    name: ClassVar[str] = "palindrome"
    smallest: ClassVar[int] = 2
    negatives: Literal["one_flip", "uniform"] = "one_flip"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.negatives not in ("one_flip", "uniform"):
            raise TaskError(f"`negatives` must be 'one_flip' or 'uniform', got {self.negatives!r}.")

    def rule(self, x: str) -> int:
        """1 when `x` is its own mirror image."""
        return int(x == x[::-1])

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Mirrored halves, or strings that are no palindromes."""
        if label:
            return bit_strings(self._mirrored(m, rng))
        if self.negatives == "one_flip":
            return bit_strings(self._flipped(m, rng))
        bits = uniform_bits(m, self.n, rng)
        return bit_strings(bits[(bits != bits[:, ::-1]).any(axis=1)])

    def _mirrored(self, m: int, rng: np.random.Generator) -> Bits:
        half = uniform_bits(m, (self.n + 1) // 2, rng)
        return np.hstack([half, half[:, : self.n // 2][:, ::-1]])

    def _flipped(self, m: int, rng: np.random.Generator) -> Bits:
        bits = self._mirrored(m, rng)
        place = rng.integers(0, self.n // 2, m)
        place = np.where(rng.integers(0, 2, m) == 1, self.n - 1 - place, place)
        bits[np.arange(m), place] ^= 1
        return bits

    def capacity(self, label: int) -> int:
        """How many strings `draw` can give for this label, exactly."""
        palindromes: int = 2 ** ((self.n + 1) // 2)
        if label:
            return palindromes
        if self.negatives == "one_flip":
            return self.n // 2 * palindromes  # one pair out of n // 2 disagrees, in either way
        return int(2**self.n) - palindromes

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program("def f(x):\n    return int(x == x[::-1])\n")
