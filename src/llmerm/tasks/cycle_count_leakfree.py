"""Graphs with many independent cycles, where no count of vertices or degrees helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import ClassVar, final

import numpy as np

from llmerm.tasks import graphs
from llmerm.tasks.graphs import Dice, Edge, GraphTask

Cycles = list[list[int]]
"""The vertices of each planted cycle, in order."""


@final
@dataclass(frozen=True, kw_only=True)
class CycleCountLeakfree(GraphTask):
    """Label 1 when the graph has more than max(1, E // 6) independent cycles (E - V + C).

    The rule and the text are those of `cycle_count`; only the draws differ. A positive has one
    independent cycle more than the threshold: planted cycles, trees that hang from them, at most
    one chord, at most one tree apart. A negative is such a positive in which two cycles in
    different components are cut open and joined crosswise. That takes away one component and
    leaves every degree as it was: V, E and the degrees have one law in both classes, and a rule
    has to follow the connections. What the connections decide is not equal, of course: at n = 100
    the best threshold on the number of triangles is right on 66 %, on degrees or V on 50 %.

    >>> CycleCountLeakfree(n=36).label("u01v02u02v03u03v04u04v05u05v06u06v01")
    0
    """

    name: ClassVar[str] = "cycle_count_leakfree"
    spare: ClassVar[int] = 1

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Graphs with just enough cycles, or with one too few."""
        dice = Dice(rng)
        drawn = (_positive(self.edges, dice) for _ in range(m))
        return [
            graphs.to_text(edges if label else _joined(edges, cycles, dice), dice)
            for edges, cycles in drawn
        ]


def _positive(count: int, dice: Dice) -> tuple[list[Edge], Cycles]:
    """A graph with threshold + 1 independent cycles, and its planted cycles."""
    chords, trees = dice.pick(_shapes(count))
    vertices = iter(range(count + trees - chords))
    cycles = [[next(vertices) for _ in range(3)] for _ in range(_planted(count, chords))]
    edges = [(next(vertices), next(vertices)) for _ in range(trees)]
    if chords:
        cycles[0].append(next(vertices))  # a triangle has no room for a chord
    leaves = _lengthen(cycles, vertices, dice)
    edges += [edge for cycle in cycles for edge in _ring(cycle)]
    if chords:
        edges.append(_chord(cycles[0], dice))
    return edges + _hung(edges, leaves, dice), cycles


def _shapes(count: int) -> list[tuple[int, int]]:
    """The numbers of (chords, trees apart) for which `count` edges suffice."""
    most = min(1, graphs.threshold(count) - 1)  # without its chords it still has two cycles
    pairs = product(range(most + 1), range(2))
    return [(c, t) for c, t in pairs if 3 * _planted(count, c) + 2 * c + t <= count]


def _planted(count: int, chords: int) -> int:
    return graphs.threshold(count) + 1 - chords


def _lengthen(cycles: Cycles, vertices: Iterator[int], dice: Dice) -> list[int]:
    """Give each vertex to a random cycle, or, by a fair coin, leave it over as a leaf."""
    leaves: list[int] = []
    for v in vertices:
        (leaves if dice.below(2) else dice.pick(cycles)).append(v)
    return leaves


def _ring(cycle: list[int]) -> Iterator[Edge]:
    return pairwise([*cycle, cycle[0]])


def _chord(cycle: list[int], dice: Dice) -> Edge:
    """An edge between two vertices of the cycle that are no neighbours."""
    start = dice.below(len(cycle))
    step = 2 + dice.below(len(cycle) - 3)
    return cycle[start], cycle[(start + step) % len(cycle)]


def _hung(edges: list[Edge], leaves: list[int], dice: Dice) -> list[Edge]:
    """One edge for each leaf, to a random vertex of what is there by then."""
    present = sorted({v for edge in edges for v in edge})
    hung = []
    for leaf in leaves:
        hung.append((dice.pick(present), leaf))
        present.append(leaf)
    return hung


def _joined(edges: list[Edge], cycles: Cycles, dice: Dice) -> list[Edge]:
    """The same degrees with one component less: a-b and c-d of two cycles become a-c and b-d."""
    first, second = dice.sample(cycles, 2)
    a, b = dice.pick(list(_ring(first)))
    c, d = dice.pick(list(_ring(second)))
    return [edge for edge in edges if edge not in {(a, b), (c, d)}] + [(a, c), (b, d)]
