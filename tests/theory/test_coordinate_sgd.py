"""The exact law of coordinate-wise steps, against all inputs and against real examples."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from llmerm.errors import ArgumentError
from llmerm.theory import CoordinateGradient, coordinate_sgd


def derivatives(n: int, k: int, coordinate: int) -> np.ndarray:
    """The partial derivative by one weight for each of the 2^n inputs, from the definition."""
    inputs = np.array(list(itertools.product((-1, 1), repeat=n)))
    active = inputs.sum(1) > (math.sqrt(n) if k % 2 else 0)
    return -inputs[:, :k].prod(1) * inputs[:, coordinate] * active


@pytest.mark.parametrize(("n", "k"), [(4, 2), (5, 2), (7, 3), (9, 3), (8, 4), (6, 1), (9, 8)])
def test_the_law_is_that_of_all_inputs(n, k):
    """Inside and outside of the parity, the chances of -1 and 1 are exact counts over 2^n."""
    gradient = CoordinateGradient(n, k)
    for coordinate, law in ((0, gradient._laws[0]), (n - 1, gradient._laws[1])):
        seen = derivatives(n, k, coordinate)
        assert law[:2] == [np.mean(seen == -1), np.mean(seen == 1)]
        assert sum(law) == pytest.approx(1)


@pytest.mark.parametrize("bits", [1, 2, 8])
def test_rounding_keeps_the_mean(bits):
    """At a batch so large that noise is below 1e-4, the means are those of all inputs."""
    gradient = CoordinateGradient(9, 3, bits=bits)
    means = gradient.means(10**10, np.random.default_rng(0))
    expected = [derivatives(9, 3, i).mean() for i in range(9)]
    assert means == pytest.approx(expected, abs=1e-4)


def test_fewer_bits_are_noisier():
    """One bit makes a coin of each inactive example: the spread grows, as its variance says."""
    rng = np.random.default_rng(0)
    spread = {
        bits: np.std([CoordinateGradient(9, 2, bits=bits).means(100, rng)[-1] for _ in range(900)])
        for bits in (1, 8)
    }
    assert spread[1] == pytest.approx(0.1, rel=0.1)
    assert spread[8] < 0.08


def test_steps_on_real_examples_have_the_same_law():
    """The literal algorithm, weights moving as it goes, against the law: no difference is seen."""
    n, k, batch, runs = 6, 2, 20, 400
    rng = np.random.default_rng(5)
    literal = np.array([literal_sweep(n, k, batch, rng) for _ in range(runs)])
    gradient = CoordinateGradient(n, k, bits=30)
    drawn = np.array([coordinate_sgd(gradient, batch, seed=s) for s in range(runs)])
    for place in range(n):
        together = [np.round(column[:, place], 6) for column in (literal, drawn)]
        assert stats.ks_2samp(*together, method="asymp").pvalue > 1e-4


def literal_sweep(n: int, k: int, batch: int, rng: np.random.Generator) -> np.ndarray:
    """One step by each coordinate on fresh examples, at the weights of the moment."""
    weights = np.ones(n)
    for i in range(n):
        x = rng.choice((-1, 1), size=(batch, n))
        active = x @ weights > 1  # for n = 6 and even k: between the sums 0 and 2
        weights[i] -= np.mean(-x[:, :k].prod(1) * x[:, i] * active) / (4 * n)
    return weights


@pytest.mark.parametrize("n", range(4, 40))
@pytest.mark.parametrize("k", [2, 3])
def test_no_sum_is_near_the_threshold(n, k):
    """It splits the sums as c sqrt(n) does, and keeps a distance of 1 to each."""
    threshold = CoordinateGradient(n, k).threshold
    sums = range(-n, n + 1, 2)
    bias = math.sqrt(n) if k % 2 else 0.0
    assert [s > threshold for s in sums] == [s > bias for s in sums]
    assert min(abs(s - threshold) for s in sums) == 1


def test_the_same_seed_gives_the_same_weights():
    """And another seed others."""
    gradient = CoordinateGradient(12, 2)
    first, same, other = (coordinate_sgd(gradient, 50, seed=s) for s in (3, 3, 4))
    assert first.tolist() == same.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CoordinateGradient(5, 5), "less than n=5"),
        (lambda: CoordinateGradient(5, 6), "parity of 6 of 5"),
        (lambda: CoordinateGradient(5, 2, bits=0), "`bits`.*0"),
        (lambda: coordinate_sgd(CoordinateGradient(5, 2), 0), "`batch`.*0"),
    ],
)
def test_numbers_are_checked(make, words):
    """Each message names the value."""
    with pytest.raises(ArgumentError, match=words):
        make()
