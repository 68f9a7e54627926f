"""The literal algorithm on a network: its derivatives, its rounding, and what it learns."""

from __future__ import annotations

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import network_sgd, sq_lower_bound
from llmerm.theory.network_sgd import _draw, _Network, _rounded


def hinge(network: _Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The loss of each example, from its definition."""
    return np.maximum(0, 1 - y * (np.maximum(x @ network.inner.T, 0) @ network.out))


def test_derivatives_are_those_of_the_loss():
    """Central differences by each parameter of a small network, on 50 examples."""
    rng = np.random.default_rng(0)
    network = _Network(rng.normal(size=(3, 5)), rng.normal(size=3))
    x, y = _draw(50, 4, 2, rng)
    for place in range(18):
        network.move(place, 1e-6)
        above = hinge(network, x, y)
        network.move(place, -2e-6)
        below = hinge(network, x, y)
        network.move(place, 1e-6)
        assert network.derivatives(x, y, place) == pytest.approx((above - below) / 2e-6, abs=1e-4)


@pytest.mark.parametrize("bits", [1, 2, 8])
def test_rounding_has_so_many_values_and_keeps_the_mean(bits):
    """What is beyond [-1, 1] is clipped."""
    rng = np.random.default_rng(0)
    values = np.repeat([-3.0, -0.4, 0.1, 1.0], 20_000)
    rounded = _rounded(values, bits, rng)
    assert len(np.unique(rounded)) <= 2**bits
    means = rounded.reshape(4, -1).mean(axis=1)
    assert means == pytest.approx([-1, -0.4, 0.1, 1], abs=0.03)


def test_examples_are_uniform_and_labelled_by_the_first_k():
    """The last column is the constant."""
    x, y = _draw(4000, 6, 3, np.random.default_rng(0))
    assert set(np.unique(x[:, :6])) == {-1.0, 1.0}
    assert np.abs(x[:, :6].mean(axis=0)).max() < 0.06
    assert (x[:, 6] == 1).all()
    assert (y == x[:, 0] * x[:, 1] * x[:, 2]).all()


def test_more_coordinates_take_more_examples():
    """Medians of five runs for two of 4, 8 and 12 bits; all above the bound's order."""
    needed = []
    for n in (4, 8, 12):
        runs = [network_sgd(n, 2, seed=seed).needed(0.95) or 500_000 for seed in range(5)]
        needed.append(float(np.median(runs)))
        assert min(runs) > sq_lower_bound(n, 2)
    assert needed[0] < needed[1] < needed[2]


def test_a_larger_parity_takes_more_examples():
    """Three of 6 bits against two, medians of three runs to an accuracy of 0.95."""
    two, three = (
        np.median([network_sgd(6, k, seed=seed).needed(0.95) or 500_000 for seed in range(3)])
        for k in (2, 3)
    )
    assert three > 1.5 * two


def test_looks_are_counted_from_fresh_examples():
    """Every 4,000 of them and at the end; where it did not get there, `needed` says None."""
    run = network_sgd(30, 10, examples=12_500)
    assert run.examples == (4_000, 8_000, 12_000, 12_480)
    assert len(run.accuracies) == 4
    assert run.needed(0.95) is None
    assert run.needed(0.0) == 4_000


def test_the_same_seed_gives_the_same_run():
    """And another seed another."""
    first, same, other = (network_sgd(8, 2, seed=s, examples=20_000) for s in (1, 1, 2))
    assert first == same != other


@pytest.mark.parametrize("name", ["bits", "width", "batch", "rate", "examples"])
def test_numbers_are_checked(name):
    """Each message names the value."""
    with pytest.raises(ArgumentError, match=f"`{name}`.*0"):
        network_sgd(5, 2, **{name: 0})
    with pytest.raises(ArgumentError, match=r"`examples`.*batch of 32.*31"):
        network_sgd(5, 2, examples=31)
    with pytest.raises(ArgumentError, match="parity of 6 of 5"):
        network_sgd(5, 6)
