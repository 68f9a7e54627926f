"""What samples show of a rule by themselves, and its limits."""

from __future__ import annotations

import numpy as np
import pytest

from llmerm import Samples, tasks
from llmerm.errors import ArgumentError, DataError
from llmerm.theory import detect_low_degree


def test_a_planted_parity_shows_at_its_degree():
    """Three of 100 bits in 200 samples; at degree 2 they do not show."""
    samples = tasks.get("k_parity", n=100, k=3, coordinates=(7, 40, 99)).sample(200)
    found = detect_low_degree(samples)
    assert [one.places for one in found.coefficients] == [(7, 40, 99)]
    assert (found.degree, found.leap, found.searched, found.samples) == (3, 3, 3, 200)
    below = detect_low_degree(samples, degree=2)
    assert (below.degree, below.leap, below.searched) == (None, None, 2)


@pytest.mark.parametrize("name", ["parity", "half_parity"])
def test_a_parity_of_many_does_not_show(name):
    """At degree 3, with 200 samples: its whole spectrum is one product of 50 or 100."""
    found = detect_low_degree(tasks.get(name, n=100).sample(200))
    assert (found.coefficients, found.degree, found.leap) == ((), None, None)


def test_a_palindrome_shows_its_pairs():
    """Half of the samples are palindromes of 20 bits: pairs correlate, which is no Fourier part."""
    found = detect_low_degree(tasks.get("palindrome", n=20, negatives="uniform").sample(200))
    pairs = {one.places for one in found.coefficients if len(one.places) == 2}
    assert found.degree == 2
    assert {(i, 19 - i) for i in range(10)} <= pairs


def test_a_staircase_shows_its_leap():
    """Its three terms, in 2,000 samples, have the leap that the family says."""
    task = tasks.get("staircase", n=30, steps=3, coordinates=(3, 4, 5))
    found = detect_low_degree(task.sample(2000))
    assert {(3,), (3, 4), (3, 4, 5)} <= {one.places for one in found.coefficients}
    assert found.leap == 1


def test_random_labels_rarely_show_anything():
    """At most one in 20 at delta = 0.05: out of 60, no more than 9 (chance below 0.2 %)."""
    rng = np.random.default_rng(0)
    seen = 0
    for _ in range(60):
        rows = rng.integers(0, 2, (100, 12)).tolist()
        labels = rng.integers(0, 2, 100).tolist()
        seen += detect_low_degree(Samples.of(zip(rows, labels, strict=True))).degree is not None
    assert seen <= 9


def test_arguments_and_samples_are_checked():
    """Degrees, deltas, inputs without bits, and more than two labels."""
    samples = tasks.get("parity", n=10).sample(20)
    for wrong in ({"degree": 0}, {"delta": 0.0}):
        with pytest.raises(ArgumentError, match=r"got .*0"):
            detect_low_degree(samples, **wrong)
    with pytest.raises(DataError, match="bits"):
        detect_low_degree(Samples.of([(2.5, 0), (3.5, 1), (7.0, 1)]))
    with pytest.raises(DataError, match="two labels"):
        detect_low_degree(Samples.of([("01", 0), ("10", 1), ("11", 2)]))
