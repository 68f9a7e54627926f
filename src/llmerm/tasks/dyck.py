"""Balanced brackets of several kinds, nested up to a limit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.strings import StringTask, to_strings

_BRACKETS = "()[]{}<>"
_SOURCE = """\
def f(x):
    stack = []
    for c in x:
        if c in {opening!r}:
            stack.append(c)
            if len(stack) > {depth}:
                return 0
        elif not stack or stack.pop() + c not in {pairs}:
            return 0
    return int(not stack)
"""

Codes = NDArray[np.uint8]
"""(length, rows): 2 * kind, plus 1 where the bracket closes."""


@final
@dataclass(frozen=True, kw_only=True)
class Dyck(StringTask):
    """Label 1 when brackets of `kinds` kinds are balanced and nested at most `depth` deep.

    Positives are uniform. Half of the negatives are balanced but one level too deep (where the
    length has room for that); the others are positives of which two brackets are swapped, so that
    each bracket is there as often as before. For the published task see `dyck2`.
    Source: Hewitt et al., "RNNs can generate bounded hierarchical languages with optimal memory"
    (arXiv 2010.07515), whose Dyck-(k, m) this is.

    Attributes:
        kinds: how many kinds of brackets, 1 to 4.
        depth: how deep they may be nested; n // 2 is no limit.

    >>> Dyck(n=6, kinds=2, depth=2).label("([])()"), Dyck(n=6, kinds=2, depth=1).label("([])()")
    (1, 0)
    """

    name: ClassVar[str] = "dyck"
    smallest: ClassVar[int] = 2
    kinds: int = 2
    depth: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("kinds", low=1, high=len(_BRACKETS) // 2)
        self.check_integer("depth", low=1)
        if self.n % 2:
            raise TaskError(
                f"`n` of dyck must be even (brackets come in pairs), got {self.n}. "
                f"Try n={self.n + 1}."
            )

    @property
    def symbols(self) -> str:
        """The brackets."""
        return _BRACKETS[: 2 * self.kinds]

    @property
    def limit(self) -> int:
        """How deep a word of this length can be nested at all, `depth` at most."""
        return min(self.depth, self.n // 2)

    def rule(self, x: str) -> int:
        """1 when `x` is balanced and no deeper than it may be."""
        stack: list[str] = []
        for c in x:
            if _BRACKETS.index(c) % 2 == 0:
                stack.append(c)
            elif not stack or stack.pop() + c not in _BRACKETS:
                return 0
            if len(stack) > self.depth:
                return 0
        return int(not stack)

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Balanced words, or words that are too deep or have two brackets swapped."""
        if label:
            return self._strings(_words(m, self.n, self.kinds, self.limit, rng))
        deep = m // 2 if self.limit < self.n // 2 else 0
        too_deep = _words(deep, self.n, self.kinds, min(self.depth + 1, self.n // 2), rng)
        swapped = _swapped(_words(m - deep, self.n, self.kinds, self.limit, rng), rng)
        words = np.hstack([too_deep, swapped])
        return self._strings(words[:, ~_accepted(words, self.limit)])

    def capacity(self, label: int) -> int | None:
        """How many balanced words there are: shapes, times a kind for each pair."""
        return _ways(self.n, self.limit)[self.n][0] * self.kinds ** (self.n // 2) if label else None

    def _strings(self, words: Codes) -> list[str]:
        return to_strings(np.frombuffer(_BRACKETS.encode(), np.uint8)[words.T])

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        pairs = tuple(self.symbols[i : i + 2] for i in range(0, 2 * self.kinds, 2))
        return Program(
            _SOURCE.format(opening=self.symbols[::2], depth=self.depth, pairs=repr(pairs))
        )


def _ways(n: int, limit: int) -> list[list[int]]:
    """By brackets left, then by open ones: how many shapes close all within the limit."""
    rows = [[1] + [0] * (limit + 1)]
    for _ in range(n):
        last = rows[-1]
        rows.append(
            [last[h + 1] + (last[h - 1] if h else 0) if h <= limit else 0 for h in range(limit + 1)]
            + [0]
        )
    return rows


@lru_cache(maxsize=64)
def _chance_of_opening(n: int, limit: int) -> NDArray[np.float64]:
    """By brackets left and open ones: the share of the shapes that go on with an open one."""
    ways = _ways(n, limit)
    table = np.zeros((n + 1, limit + 1))
    for left in range(1, n + 1):
        for height in range(limit + 1):
            total = ways[left][height]
            table[left, height] = ways[left - 1][height + 1] / total if total else 0.0
    return table


def _words(m: int, n: int, kinds: int, limit: int, rng: np.random.Generator) -> Codes:
    """Uniform balanced words that are nested at most `limit` deep."""
    chances = _chance_of_opening(n, limit)
    rows, depth = np.arange(m), np.zeros(m, np.intp)
    stack, words = np.zeros((n // 2 + 1, m), np.uint8), np.empty((n, m), np.uint8)
    for i in range(n):
        opens = rng.random(m) < chances[n - i, depth]
        top = depth - ~opens
        kind = np.where(opens, rng.integers(0, kinds, m, np.uint8), stack[top, rows])
        stack[top, rows] = kind
        words[i] = 2 * kind + ~opens
        depth = top + opens
    return words


def _swapped(words: Codes, rng: np.random.Generator) -> Codes:
    """The words with two brackets at random places swapped."""
    rows = np.arange(words.shape[1])
    first, second = rng.integers(0, len(words), (2, len(rows)))
    words[first, rows], words[second, rows] = words[second, rows], words[first, rows]
    return words


def _accepted(words: Codes, limit: int) -> NDArray[np.bool_]:
    """Which words are balanced within the limit: all stacks are run side by side."""
    rows, depth = np.arange(words.shape[1]), np.zeros(words.shape[1], np.intp)
    stack = np.zeros((len(words) + 1, len(rows)), np.uint8)
    good = np.ones(len(rows), np.bool_)
    for word in words:
        closes, kind = word % 2 == 1, word // 2
        good &= ~closes | ((depth > 0) & (stack[depth - 1, rows] == kind))
        stack[depth, rows] = np.where(closes, stack[depth, rows], kind)
        depth = np.maximum(depth + np.where(closes, -1, 1), 0)
        good &= depth <= limit
    good &= depth == 0
    return good
