"""coverage@k against counting all ways to draw."""

from __future__ import annotations

from itertools import combinations

import pytest

from llmerm.errors import ArgumentError
from llmerm.experiments.coverage import coverage_at, doubling


@pytest.mark.parametrize("draws", range(1, 8))
def test_coverage_is_the_share_of_subsets_that_hold_a_right_draw(draws):
    """For every k and every number of right ones."""
    for right in range(draws + 1):
        for k in range(draws + 1):
            ways = list(combinations(range(draws), k))
            hits = sum(any(i < right for i in way) for way in ways)
            assert coverage_at(k, draws=draws, right=right) == pytest.approx(hits / len(ways))


@pytest.mark.parametrize(("k", "right"), [(5, 1), (-1, 1), (1, 5)])
def test_more_than_was_drawn_is_refused(k, right):
    """With the value and the range."""
    with pytest.raises(ArgumentError, match="between 0 and 4 draws"):
        coverage_at(k, draws=4, right=right)


def test_k_doubles_and_ends_at_k():
    """No k twice."""
    assert [list(doubling(k)) for k in (1, 2, 5, 8)] == [[1], [1, 2], [1, 2, 4, 5], [1, 2, 4, 8]]
