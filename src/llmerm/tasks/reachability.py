"""Whether one vertex of a graph can be reached from another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.graphs import Dice, Edge
from llmerm.tasks.strings import StringTask
from llmerm.typing import Value

_WIDTH = 6  # characters of the question and of an edge
_VERTICES = 100  # two digits each
_SOURCE = """\
import re


def f(x):
    (s, t), *edges = re.findall(r'[su](\\d\\d)[tv](\\d\\d)', x)
    reached, before = {s}, None
    while reached != before:
        before = set(reached)
        for u, v in edges:
            if u in reached or v in reached:
                reached |= {u, v}
    return int(t in reached)
"""


@final
@dataclass(frozen=True, kw_only=True)
class Reachability(StringTask):
    """Label 1 when vertex t can be reached from vertex s; the text is s07t31, then u07v12 an edge.

    A graph is two random trees. In a positive s and t are `distance` edges apart in one of them.
    A negative is such a positive in which an edge between s and t and an edge of the other tree
    are cut and joined crosswise: there are two trees again, s and t are in different ones, and
    every degree is as it was. So no count of vertices or degrees tells anything; a rule that
    looks `distance` edges far is enough, of course.
    Source: graph reachability, as any textbook has it; the draws are this library's own.

    Attributes:
        distance: how many edges s and t of a positive are apart.

    >>> Reachability(n=36, distance=2).label("s01t03u01v02u02v03u04v05u05v06u06v07")
    1
    """

    name: ClassVar[str] = "reachability"
    alphabet: ClassVar[str] = "stuv0123456789"
    smallest: ClassVar[int] = 24
    distance: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.edges + 2 > _VERTICES:
            raise TaskError(
                f"`n` of reachability must be below {_WIDTH * _VERTICES} (vertices have two "
                f"digits), got {self.n}."
            )
        self.check_integer("distance", low=2)
        if self.distance >= self.edges:
            raise TaskError(
                f"`distance` of reachability must be below the number of edges, {self.edges} at "
                f"n={self.n}, got {self.distance}. Try distance=2, or a larger n."
            )

    @property
    def edges(self) -> int:
        """How many edges a graph has: one for every six characters after the first six."""
        return self.n // _WIDTH - 1

    @property
    def length(self) -> int:
        """How many characters an input has."""
        return (self.edges + 1) * _WIDTH

    def rule(self, x: str) -> int:
        """1 when t is in the component of s."""
        (s, t), *edges = re.findall(r"(\d\d)[tv](\d\d)", x)
        component = {v: {v} for edge in (*edges, (s, t)) for v in edge}
        for u, v in edges:
            if component[u] is not component[v]:
                component[u] |= component[v]
                component.update(dict.fromkeys(component[v], component[u]))
        return int(t in component[s])

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Two trees, with s and t in the same one or not."""
        dice = Dice(rng)
        return [self._graph(label, dice) for _ in range(m)]

    def _graph(self, label: int, dice: Dice) -> str:
        path = list(range(self.distance + 1))
        others = range(len(path), self.edges + 2)
        trees = [list(path), [others[0], others[1]]]
        edges = [*pairwise(path), (others[0], others[1])]
        for v in others[2:]:
            tree = trees[dice.below(2)]
            edges.append((dice.pick(tree), v))
            tree.append(v)
        if not label:
            edges = _crossed(edges, self.distance, set(trees[1]), dice)
        return self._text((path[0], path[-1]), edges, dice)

    def _text(self, question: Edge, edges: list[Edge], dice: Dice) -> str:
        """Question and edges under random numbers; edges in random order and direction."""
        number = dice.sample(range(_VERTICES), self.edges + 2)
        ends = [edge if dice.below(2) else edge[::-1] for edge in dice.sample(edges, len(edges))]
        first = f"s{number[question[0]]:02d}t{number[question[1]]:02d}"
        return first + "".join(f"u{number[u]:02d}v{number[v]:02d}" for u, v in ends)

    def edited(self, x: Value, rng: np.random.Generator) -> Value:
        """The same graph, asked for another vertex t."""
        text = str(x)
        vertices = sorted(set(re.findall(r"\d\d", text)) - {text[1:3]})
        return f"{text[:4]}{vertices[int(rng.integers(len(vertices)))]}{text[6:]}"

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(_SOURCE)


def _crossed(edges: list[Edge], distance: int, second: set[int], dice: Dice) -> list[Edge]:
    """An edge a-b of the path and an edge c-d of the second tree become a-c and b-d."""
    a, b = edges[dice.below(distance)]
    c, d = dice.pick([edge for edge in edges if edge[0] in second])
    if dice.below(2):
        c, d = d, c
    return [edge for edge in edges if edge not in {(a, b), (c, d), (d, c)}] + [(a, c), (b, d)]
