"""Graphs with many independent cycles, drawn as published: the vertex count gives them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.tasks import graphs
from llmerm.tasks.graphs import Dice, Edge, GraphTask


@final
@dataclass(frozen=True, kw_only=True)
class CycleCount(GraphTask):
    """Label 1 when the graph has more than max(1, E // 6) independent cycles (E - V + C).

    The input lists E = n // 6 edges as u12v23, 6 * E characters in all: 96 at n = 100. Positives
    are triangles, with the left-over edges set on them or apart; negatives are a random tree over
    E vertices with one edge more.

    These are the published draws, and they LEAK: at n = 100 a positive has 15 vertices and a
    negative 16, so counting distinct numbers tells the class without a look at any cycle.
    `cycle_count_leakfree` has the same rule without that. Source: the LLM-ERM paper
    (arXiv 2510.14331), "CycleCount".

    >>> CycleCount(n=36).label("u01v02u02v03u03v01u04v05u05v06u06v04")
    1
    """

    name: ClassVar[str] = "cycle_count"

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Triangles, or a tree with one edge more."""
        dice = Dice(rng)
        build = _triangles if label else _tree
        return [graphs.to_text(build(self.edges, dice), dice) for _ in range(m)]


def _triangles(count: int, dice: Dice) -> list[Edge]:
    """As many triangles as fit, two left-over vertices as an edge, other edges on the triangles."""
    used = count - count % 3
    starts = range(0, used, 3)
    edges = [edge for a in starts for edge in ((a, a + 1), (a + 1, a + 2), (a, a + 2))]
    if count % 3 == 2:
        edges.append((used, used + 1))
    return _filled(edges, count, used, dice)


def _tree(count: int, dice: Dice) -> list[Edge]:
    """A random recursive tree over `count` vertices, then edges anywhere on it."""
    return _filled([(dice.below(v), v) for v in range(1, count)], count, count, dice)


def _filled(edges: list[Edge], count: int, vertices: int, dice: Dice) -> list[Edge]:
    """The edges, and new ones among the first `vertices` vertices until there are `count`."""
    while len(edges) < count:
        u, v = sorted(dice.sample(range(vertices), 2))
        if (u, v) not in edges:
            edges.append((u, v))
    return edges
