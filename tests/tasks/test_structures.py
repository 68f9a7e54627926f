"""Permutations and reachability: labels against other algorithms, and draws without leaks."""

from __future__ import annotations

import re
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy import stats
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from llmerm.errors import TaskError
from llmerm.tasks import Task, get


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_the_sign_is_the_determinant(n) -> None:
    """Over all permutations `label` and `program` are 1 where the matrix has determinant -1."""
    task = get("permutation", n=n)
    run = task.program.compile(trusted=True)
    for x in permutations(range(n)):
        determinant = round(np.linalg.det(np.eye(n)[list(x)]))
        assert task.label(x) == task.label(list(x)) == run(x) == (1 - determinant) // 2


def test_permutations_are_uniform() -> None:
    """Each odd permutation of four is drawn equally often; all 24 can be had, 26 cannot."""
    task = get("permutation", n=4)
    counts = Counter(task.draw(1, 6000, np.random.default_rng(1)))  # type: ignore[attr-defined]
    assert len(counts) == 12
    assert stats.chisquare(list(counts.values())).pvalue > 1e-4
    assert len(set(task.sample(24).inputs)) == 24
    with pytest.raises(TaskError, match="at most m=24"):
        task.sample(26)


@pytest.mark.parametrize(
    "x", [(0, 1), (0, 1, 1), (1, 2, 3), (0, 1, 2.0), (False, 1, 2), "012", None]
)
def test_what_is_no_permutation_is_refused(x) -> None:
    """Other lengths, repeated or missing numbers and other types are refused."""
    with pytest.raises(TaskError, match="has the integers 0 to 2 in some order"):
        get("permutation", n=3).label(x)


def parts(x: str) -> tuple[int, int, list[tuple[int, int]]]:
    s, t = map(int, re.match(r"s(\d\d)t(\d\d)", x).groups())  # type: ignore[union-attr]
    return s, t, [(int(u), int(v)) for u, v in re.findall(r"u(\d\d)v(\d\d)", x)]


def distances(x: str) -> tuple[float, int]:
    """The distance from s to t, and how many components the vertices of the text have."""
    s, t, edges = parts(x)
    rows, columns = zip(*edges, strict=True)
    graph = coo_array((np.ones(len(edges)), (rows, columns)), shape=(100, 100))
    lengths = shortest_path(graph, directed=False, unweighted=True)
    used = sorted({v for edge in edges for v in edge})
    return lengths[s, t], len({tuple(np.isfinite(lengths[v])) for v in used})


@pytest.mark.parametrize(("n", "distance"), [(24, 2), (60, 3), (100, 2), (100, 6), (599, 10)])
def test_reachability_is_a_finite_shortest_path(n, distance) -> None:
    """Labels are scipy's; positives are exactly `distance` apart; all graphs are two trees."""
    task = get("reachability", n=n, distance=distance)
    run = task.program.compile(trusted=True)
    for x, y in task.sample(20):
        found, components = distances(str(x))
        assert y == run(x) == task.label(x) == int(np.isfinite(found))
        assert not y or found == distance
        edges = {frozenset(edge) for edge in parts(str(x))[2]}
        assert components == 2
        assert len(edges) == n // 6 - 1 == len({v for edge in edges for v in edge}) - 2


@pytest.mark.parametrize("n", [24, 60, 100])
def test_degrees_say_nothing_of_reachability(n) -> None:
    """The degrees of s and t and the sorted degrees of all have one law in both classes."""
    counts = {0: Counter(), 1: Counter()}  # type: ignore[var-annotated]
    for x, y in get("reachability", n=n, distance=2).sample(3000):
        s, t, edges = parts(str(x))
        degree = Counter(v for edge in edges for v in edge)
        counts[int(str(y))][degree[s], degree[t], max(degree.values())] += 1
    keys = [k for k in counts[0] | counts[1] if counts[0][k] + counts[1][k] >= 20]
    table = [[counts[label][k] for k in keys] for label in (0, 1)]
    assert stats.chi2_contingency(table).pvalue > 1e-4


def walked(task: Task, seed: int) -> list[str]:
    """Inputs by a few edits each."""
    rng = np.random.default_rng(seed)
    found = []
    for x in task.sample(20).inputs:
        for _ in range(5):
            x = task.edited(x, rng)
        found.append(str(x))
    return found


@pytest.mark.parametrize("name", ["cycle_count", "cycle_count_leakfree"])
def test_edited_graphs_stay_graphs(name) -> None:
    """After edits there is still no loop and no edge twice, and `program` says what `label` says."""
    task = get(name, n=60)
    run = task.program.compile(trusted=True)
    for x in walked(task, 1):
        edges = [frozenset(edge) for edge in re.findall(r"u(\d\d)v(\d\d)", x)]
        assert len(set(edges)) == len(edges) == 10
        assert all(len(edge) == 2 for edge in edges)
        assert run(x) == task.label(x)


def test_a_swap_always_changes_the_sign() -> None:
    """One edit of a permutation is one transposition."""
    task = get("permutation", n=8)
    for x in task.sample(50).inputs:
        near = task.edited(x, np.random.default_rng(4))
        assert sum(a != b for a, b in zip(x, near, strict=True)) == 2  # type: ignore[arg-type]
        assert task.label(near) != task.label(x)
