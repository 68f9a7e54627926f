"""The paper's promise about choosing, beside what a certificate says."""

from __future__ import annotations

import pytest

from llmerm.certificates import best_of, selection
from llmerm.errors import ArgumentError


@pytest.mark.parametrize(
    ("k", "m", "percent"), [(5, 100, 34.6), (5, 1000, 10.9), (64, 100, 41.3), (64, 1000, 13.1)]
)
def test_known_values(k, m, percent):
    """The figures at 95 %."""
    assert 100 * selection(m, count=k).excess == pytest.approx(percent, abs=0.06)


@pytest.mark.parametrize("k", [1, 5, 64, 1000])
@pytest.mark.parametrize("m", [20, 100, 5000])
def test_the_certificate_of_no_errors_is_tighter_than_either_promise(k, m):
    """1 - (delta / k)^(1 / m) is below ln(k / delta) / m, which is below the excess."""
    promise = selection(m, count=k)
    exact = best_of(0, m, count=k, why="").bound
    assert exact <= promise.error_if_exact <= promise.excess


def test_it_says_what_it_is():
    """A promise about the choice, before any sample; no certificate."""
    text = str(selection(100, count=5))
    assert text.startswith("before any sample is drawn, with confidence 0.95")
    assert "34.62% more of the population than the best candidate" in text


@pytest.mark.parametrize("wrong", [{"samples": 0, "count": 5}, {"samples": 9, "count": 0}])
def test_arguments_out_of_range_are_refused(wrong):
    """With their names."""
    with pytest.raises(ArgumentError, match="must be at least 1"):
        selection(**wrong)
