"""The table of the gap: what grows how fast, and that no row contradicts the bound."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import erm_samples, simulate_parity_gap, sq_lower_bound


@pytest.fixture(scope="module")
def rows():
    return simulate_parity_gap([10, 20, 40, 80], [2])


def test_every_row_is_above_the_bound(rows):
    """Per step and in all, for k = 3 as well; and bound and ERM are the functions' own."""
    for row in (*rows, *simulate_parity_gap([10, 24], [3])):
        assert row.batch > row.lower_bound == sq_lower_bound(row.n, row.k)
        assert row.erm == erm_samples(row.n, row.k)
        assert row.examples == row.n * row.batch


def test_gradient_steps_take_a_power_of_n_where_empirical_risk_takes_its_logarithm(rows):
    """The slope of a step's batch in n is near k - 1 plus a logarithm; ERM grows by 2 bits."""
    slope = np.polyfit(np.log([r.n for r in rows]), np.log([r.batch for r in rows]), 1)[0]
    assert 1.1 < slope < 1.6
    for less, more in itertools.pairwise(rows):
        assert more.batch > 1.8 * less.batch
        assert more.erm - less.erm < 2.2


@pytest.mark.parametrize(("k", "ns", "low", "high"), [(3, (10, 24, 54), 1.9, 2.6), (4, (10, 24, 36), 2.5, 3.8)])  # fmt: skip
def test_the_power_grows_with_k(k, ns, low, high):
    """About n^(k-1), with a logarithm, for three and four bits too."""
    table = simulate_parity_gap(ns, [k])
    slope = np.polyfit(np.log(ns), np.log([row.batch for row in table]), 1)[0]
    assert low < slope < high


def test_a_batch_of_the_table_is_what_sampling_finds(rows):
    """With real examples at n = 10, k = 2, that batch finds the pair in about half of 300 runs."""
    n, batch = 10, rows[0].batch
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(300):
        x = rng.choice((-1, 1), size=(n, batch, n))
        active = x.sum(2) > 0
        means = [np.mean(x[i, :, 0] * x[i, :, 1] * x[i, :, i] * active[i]) for i in range(n)]
        found += set(np.argsort(np.abs(means))[-2:]) == {0, 1}
    assert 0.3 < found / 300 < 0.75


def test_a_bit_less_costs_examples():
    """One bit a derivative needs more than eight bits do."""
    one, eight = (simulate_parity_gap([20], [2], bits=b)[0].batch for b in (1, 8))
    assert one > 1.2 * eight


def test_the_same_seed_gives_the_same_table(rows):
    """Row by row, whatever else is in the table."""
    assert simulate_parity_gap([20], [2]) == rows[1:2]


def test_arguments_are_checked():
    """Too few trials, and a parity as large as the input."""
    with pytest.raises(ArgumentError, match=r"trials.*0"):
        simulate_parity_gap([10], [2], trials=0)
    with pytest.raises(ArgumentError, match="less than n=3"):
        simulate_parity_gap([3], [3])


def test_a_parity_that_no_batch_finds_is_an_error():
    """For n = 4 and k = 1 the unit is active on one input: all derivatives are alike."""
    with pytest.raises(ArgumentError, match="1-parity of 4 bits"):
        simulate_parity_gap([4], [1])
