"""Graphs as text, u12v23 for each edge, and the rule that counts their independent cycles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.strings import StringTask
from llmerm.typing import Value

_EDGE_WIDTH = 6
_MOST_VERTICES = 99  # two digits each, 00 left out

Edge = tuple[int, int]
T = TypeVar("T")

_SOURCE = """\
import re


def f(x):
    edges = re.findall(r'u(\\d\\d)v(\\d\\d)', x)
    root = {v: v for edge in edges for v in edge}

    def find(v):
        while root[v] != v:
            v = root[v]
        return v

    cycles = 0
    for u, v in edges:
        cycles += find(u) == find(v)
        root[find(u)] = find(v)
    return int(cycles > max(1, len(edges) // 6))
"""


@dataclass(frozen=True, kw_only=True)
class GraphTask(StringTask):
    """Label 1 when a graph has more than max(1, E // 6) independent cycles. A subclass draws."""

    alphabet: ClassVar[str] = "uv0123456789"
    smallest: ClassVar[int] = 36  # two triangles; with fewer edges no positive exists
    spare: ClassVar[int] = 0  # how many vertices a graph may have beyond its number of edges

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.edges + self.spare > _MOST_VERTICES:
            raise TaskError(
                f"`n` of {self.name} must be below {_EDGE_WIDTH * (100 - self.spare)} (vertices "
                f"have two digits), got {self.n}."
            )

    @property
    def edges(self) -> int:
        """How many edges a graph has."""
        return self.n // _EDGE_WIDTH

    @final
    @property
    def length(self) -> int:
        """How many characters an input has."""
        return self.edges * _EDGE_WIDTH

    @final
    def rule(self, x: str) -> int:
        """1 when the graph has many independent cycles: E - V + C, C the number of components."""
        edges = [(int(u), int(v)) for u, v in re.findall(r"u(\d\d)v(\d\d)", x)]
        cycles = len(edges) - len({v for edge in edges for v in edge}) + _components(edges)
        return int(cycles > threshold(len(edges)))

    @final
    def edited(self, x: Value, rng: np.random.Generator) -> Value:
        """The graph with one end of an edge moved to another vertex, unless that edge is there."""
        edges = [tuple(edge) for edge in re.findall(r"(\d\d)v(\d\d)", str(x))]
        place, side = int(rng.integers(len(edges))), int(rng.integers(2))
        kept = edges[place][1 - side]
        others = sorted({v for edge in edges for v in edge} - {kept})
        moved = (others[int(rng.integers(len(others)))], kept)[:: 1 - 2 * side]
        if moved in edges or moved[::-1] in edges:
            return x
        edges[place] = moved
        return "".join(f"u{u}v{v}" for u, v in edges)

    @final
    @property
    def program(self) -> Program:
        """The rule, at every length: an edge within a component closes one more cycle."""
        return Program(_SOURCE)


class Dice:
    """Small random numbers by the thousand: a numpy generator is slow at single ones."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._floats = _endless(rng)

    def uniform(self) -> float:
        """A uniform number in [0, 1)."""
        return next(self._floats)

    def below(self, k: int) -> int:
        """A uniform integer in [0, k)."""
        return int(next(self._floats) * k)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each equally likely."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[T], k: int) -> list[T]:
        """`k` of the items in random order, none twice."""
        pool = list(items)
        for i in range(k):
            j = i + self.below(len(pool) - i)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:k]


def _endless(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(4096).tolist()


def threshold(edges: int) -> int:
    """How many independent cycles are still few: max(1, edges // 6)."""
    return max(1, edges // 6)


def to_text(edges: Sequence[Edge], dice: Dice) -> str:
    """The edges in random order and direction, under random vertex numbers from 1 to 99."""
    vertices = sorted({v for edge in edges for v in edge})
    numbers = dice.sample(range(1, _MOST_VERTICES + 1), len(vertices))
    number = dict(zip(vertices, numbers, strict=True))
    ends = [edge if dice.below(2) else edge[::-1] for edge in dice.sample(edges, len(edges))]
    return "".join(f"u{number[u]:02d}v{number[v]:02d}" for u, v in ends)


def _components(edges: Sequence[Edge]) -> int:
    group: dict[int, set[int]] = {v: {v} for edge in edges for v in edge}
    for u, v in edges:
        if group[u] is not group[v]:
            group[u] |= group[v]
            group.update(dict.fromkeys(group[v], group[u]))
    return len({id(members) for members in group.values()})
