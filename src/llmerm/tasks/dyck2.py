"""Balanced words over two kinds of brackets, two bits a bracket."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, bit_strings
from llmerm.tasks.strings import StringTask

_MOST_FLIPS = 5
_SOURCE = """\
def f(x):
    stack = []
    for i in range(0, len(x), 2):
        kind, closes = x[i], x[i + 1] == '1'
        if not closes:
            stack.append(kind)
        elif not stack or stack.pop() != kind:
            return 0
    return int(not stack)
"""


@final
@dataclass(frozen=True, kw_only=True)
class Dyck2(StringTask):
    """Label 1 when the pairs of bits 00 01 10 11, read as ( ) [ ], are a balanced word.

    Positives are random walks: at each place open with chance 1/2 (always where nothing is open,
    never where what is open fills the rest). Negatives are positives with 1 to 5 flipped bits,
    checked to be unbalanced. Source: the LLM-ERM paper (arXiv 2510.14331), "Dyck-2".

    >>> Dyck2(n=8).label("00100111"), Dyck2(n=8).label("00101101")
    (0, 1)
    """

    name: ClassVar[str] = "dyck2"
    smallest: ClassVar[int] = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.n % 4:
            raise TaskError(
                f"`n` of dyck2 must be a multiple of 4 (two bits a bracket, brackets in pairs), "
                f"got {self.n}. Try n={self.n - self.n % 4} or n={self.n + 4 - self.n % 4}."
            )

    def rule(self, x: str) -> int:
        """1 when `x` is balanced."""
        stack: list[str] = []
        for kind, closes in zip(x[::2], x[1::2], strict=True):
            if closes == "0":
                stack.append(kind)
            elif not stack or stack.pop() != kind:
                return 0
        return int(not stack)

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Balanced words, or words that a few flipped bits unbalance."""
        bits = _words(m, self.n // 2, rng)
        if not label:
            bits ^= _flips(m, self.n, rng)
            bits = bits[~_balanced(bits)]
        return bit_strings(bits)

    def capacity(self, label: int) -> int | None:
        """How many balanced words there are: Catalan(n / 4) shapes, two kinds for each pair."""
        pairs = self.n // 4
        return comb(2 * pairs, pairs) // (pairs + 1) * 2**pairs if label else None

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(_SOURCE)


def _words(m: int, brackets: int, rng: np.random.Generator) -> Bits:
    """Rows of balanced brackets, as the bits (kind, closes) of each in turn."""
    rows = np.arange(m)
    stack = np.zeros((m, brackets + 1), np.uint8)
    depth = np.zeros(m, np.intp)
    bits = np.empty((m, 2 * brackets), np.uint8)
    coins, kinds = rng.random((2, brackets, m))
    for i in range(brackets):
        opens = ((depth == 0) | (coins[i] < 0.5)) & (depth < brackets - i)
        stack[rows, depth] = np.where(opens, kinds[i] < 0.5, stack[rows, depth])
        top = depth - ~opens
        bits[:, 2 * i], bits[:, 2 * i + 1] = stack[rows, top], ~opens
        depth = top + opens
    return bits


def _flips(m: int, n: int, rng: np.random.Generator) -> Bits:
    """Rows with 1 to 5 ones at distinct uniform places."""
    count = rng.integers(1, min(_MOST_FLIPS, n) + 1, (m, 1))
    rank = rng.random((m, n)).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return (rank < count).astype(np.uint8)


def _balanced(bits: Bits) -> NDArray[np.bool_]:
    """Which rows are balanced: all stacks are run side by side."""
    rows = np.arange(len(bits))
    stack = np.zeros((len(bits), bits.shape[1] // 2 + 1), np.uint8)
    depth = np.zeros(len(bits), np.intp)
    good = np.ones(len(bits), np.bool_)
    for kind, closes in zip(bits.T[::2], bits.T[1::2] == 1, strict=True):
        good &= ~closes | ((depth > 0) & (stack[rows, depth - 1] == kind))
        stack[rows, depth] = np.where(closes, stack[rows, depth], kind)
        depth = np.maximum(depth + np.where(closes, -1, 1), 0)
    good &= depth == 0
    return good
