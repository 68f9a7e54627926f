"""The verdict on gradient descent: what goes into it, and where it stays silent."""

from __future__ import annotations

import math

import numpy as np
import pytest

from llmerm import tasks
from llmerm.errors import ArgumentError, TaskError
from llmerm.theory import Spectrum, sgd_hardness
from llmerm.theory.hardness import ENOUGH, HARD, UNCLEAR, _parity_bounds, _verdict

TRAINED = [  # (n, k, m, test accuracy) of perceptrons with two layers of 256, several passes
    (40, 2, 20, 0.48),
    (80, 2, 40, 0.50),
    (20, 3, 100, 0.51),
    (40, 3, 400, 0.50),
    (20, 4, 250, 0.49),
    (50, 4, 2000, 0.51),
    (30, 5, 1500, 0.50),
    (100, 1, 1600, 1.0),
    (100, 2, 1600, 0.89),
    (160, 2, 2560, 0.79),
    (20, 3, 6400, 1.0),
]


@pytest.mark.parametrize(("n", "k", "m", "accuracy"), TRAINED)
def test_the_verdict_agrees_with_what_was_trained(n, k, m, accuracy):
    """Chance where it says too few, and far above chance where it says enough."""
    verdict = sgd_hardness(tasks.get("k_parity", n=n, k=k), m).verdict
    assert verdict == (ENOUGH if accuracy > 0.75 else HARD)


@pytest.mark.parametrize(("n", "k", "m"), [(20, 3, 400), (80, 3, 6400), (20, 4, 1000)])
def test_between_the_two_it_is_unclear(n, k, m):
    """There that perceptron failed at times, and learned at others."""
    assert sgd_hardness(tasks.get("k_parity", n=n, k=k), m).verdict.startswith(UNCLEAR)


def test_every_part_of_a_planted_parity():
    """Ten of a hundred bits and 2,000 samples, the numbers one by one."""
    found = sgd_hardness(tasks.get("k_parity", n=100, k=10), 2000)
    assert (found.task, found.n, found.leap, found.exact) == ("k_parity", 100, 10, True)
    assert (found.effective_leap, found.always_sensitive) == (10, 10)
    assert (found.predicted_samples, found.predicted_time) == (100**9, 100**10)
    assert found.sq_lower_bound == pytest.approx(math.sqrt(math.comb(100, 10)))
    assert found.erm_samples == pytest.approx(math.log2(math.comb(100, 10) / 0.05))
    assert found.detectable_degree is None
    assert found.verdict == HARD
    assert str(found).startswith("k_parity, n = 100, leap 10: 2000 samples are likely too few")


def test_the_full_parity_is_no_small_class():
    """C(n, n) is 1, and so the class is that of all parities: 2^n of them."""
    found = sgd_hardness(tasks.get("parity", n=60), 200)
    assert (found.leap, found.exact, found.always_sensitive) == (60, False, 60)
    assert found.sq_lower_bound == 2.0**30
    assert found.erm_samples == pytest.approx(60 + math.log2(20))
    assert found.verdict == HARD
    assert "(from probes)" in str(found)


def test_bounds_beyond_floats_are_infinite():
    """From about 2,000 bits on; what empirical risk needs stays a number."""
    for k in (2000, 5000):
        bound, erm = _parity_bounds(5000, k)
        assert bound == math.inf
        assert 4000 < erm < 5010


def test_too_few_for_empirical_risk_is_not_called_hard():
    """Twenty samples do not single out one of C(100, 10) parities."""
    assert sgd_hardness(tasks.get("k_parity", n=100, k=10), 20).verdict.startswith(UNCLEAR)


def test_a_staircase_is_easier_than_the_parity_of_its_coordinates():
    """Leap 1 against 3, with the same samples; its steps show."""
    staircase = sgd_hardness(tasks.get("staircase", n=30, steps=3), 3000)
    parity = sgd_hardness(tasks.get("k_parity", n=30, k=3), 3000)
    assert (staircase.leap, staircase.detectable_degree, staircase.verdict) == (1, 1, ENOUGH)
    assert (parity.leap, parity.detectable_degree) == (3, 3)
    assert parity.verdict.startswith(UNCLEAR)


@pytest.mark.parametrize(
    ("name", "parameters", "reason"),
    [
        ("is_prime", {"n": 10}, "not uniform bits"),
        ("palindrome", {"n": 20}, "not uniform bits"),
        ("iris", {}, "not uniform bits"),
        ("sha256_parity", {"n": 30}, "30 coordinates matter"),
    ],
)
def test_without_a_leap_it_is_unclear(name, parameters, reason):
    """And says why; nothing is predicted."""
    found = sgd_hardness(tasks.get(name, **parameters), 100)
    assert (found.leap, found.predicted_samples, found.sq_lower_bound) == (None, None, None)
    assert found.verdict.startswith(UNCLEAR)
    assert reason in found.verdict


def test_coefficients_that_do_not_show_are_no_ground_for_a_verdict():
    """A circuit whose leap is 2: none of its coefficients shows in 200 samples."""
    found = sgd_hardness(tasks.get("gf2_circuit", n=100), 200)
    assert (found.leap, found.effective_leap) == (2, None)
    assert "no coefficient" in found.verdict


def test_the_same_seed_gives_the_same_result():
    """Probes and samples are drawn from it."""
    task = tasks.get("parity", n=40)
    assert sgd_hardness(task, 100, seed=3) == sgd_hardness(task, 100, seed=3)


def test_numbers_are_checked():
    """No sample, and more than there are."""
    with pytest.raises(ArgumentError, match=r"`m`.*0"):
        sgd_hardness(tasks.get("parity", n=10), 0)
    with pytest.raises(TaskError, match="2000"):
        sgd_hardness(tasks.get("parity", n=10), 2000)


def test_steps_that_do_not_show_are_no_help():
    """A staircase with two tiny steps in the middle: with them its leap is 1, without them 3."""
    weights = np.zeros(16)
    weights[[0b1, 0b11, 0b111, 0b1111]] = 0.6, 0.001, 0.001, 0.6
    seen = Spectrum(20, (), (0, 1, 2, 3), weights, exact=True)
    assert (seen.leap, seen.effective_leap(400)) == (1, 3)
    assert _verdict(20, 400, seen, 1) == ENOUGH
    assert _verdict(20, 400, seen, seen.effective_leap(400)).startswith(UNCLEAR)
