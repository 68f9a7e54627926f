"""The figures that the theory was planned with, beside the leaps in test_leap and test_iso_leap."""

from __future__ import annotations

import pytest

from llmerm import tasks
from llmerm.theory import (
    Spectrum,
    detect_low_degree,
    erm_samples,
    leap,
    spectrum,
    sq_lower_bound,
)

ERM = [
    (2, {10: 10, 20: 12, 40: 14, 80: 16}),
    (3, {10: 11, 24: 15, 54: 19}),
    (4, {10: 12, 24: 18, 36: 20}),
]


@pytest.mark.parametrize(("k", "samples"), ERM)
def test_how_many_samples_empirical_risk_needs(k, samples):
    """log2(C(n, k) / delta), rounded, by n."""
    assert {n: round(erm_samples(n, k)) for n in samples} == samples


def test_how_many_examples_gradient_steps_need():
    """The root of C(36, 4) is 243, of C(100, 10) 4.2 million, about 2^22."""
    assert round(sq_lower_bound(36, 4)) == 243
    assert sq_lower_bound(100, 10) == pytest.approx(4.2e6, rel=0.01)
    assert sq_lower_bound(100, 10, bits=64) < 1


@pytest.mark.parametrize(
    ("n", "k", "edge"), [(20, 3, 169), (50, 4, 2400), (30, 5, 1900), (20, 10, 2200)]
)
def test_the_lower_edge_of_what_is_unclear(n, k, edge):
    """Five roots of C(n, k): below that, perceptrons stayed at chance."""
    assert 5 * sq_lower_bound(n, k) == pytest.approx(edge, rel=0.03)


@pytest.mark.parametrize(
    ("n", "m", "degree"), [(20, 200, 2), (20, 1000, 2), (20, 10_000, 1), (100, 200, None), (100, 1000, None)]
)  # fmt: skip
def test_the_first_degree_at_which_a_pattern_shows(n, m, degree):
    """At 20 bits in pairs, with many samples in single bits; at 100 bits not at all."""
    assert detect_low_degree(tasks.get("pattern", n=n).sample(m)).degree == degree


def test_a_pattern_of_a_hundred_bits_shows_in_ten_thousand_samples():
    """In pairs."""
    assert detect_low_degree(tasks.get("pattern", n=100).sample(10_000), degree=2).degree == 2


def test_the_pairs_of_a_palindrome_show():
    """All 50 of 100 bits, in 200 samples."""
    samples = tasks.get("palindrome", n=100, negatives="uniform").sample(200)
    found = detect_low_degree(samples, degree=2)
    pairs = {one.places for one in found.coefficients if len(one.places) == 2}
    assert found.degree == 2
    assert pairs >= {(i, 99 - i) for i in range(50)}


def test_an_and_of_six_bits_has_leap_one_and_does_not_show():
    """Its coefficients are 2^-5 and 1 - 2^-5: with few samples nothing but the constant is seen."""
    seen: Spectrum = spectrum(lambda x: x[:, :6].min(axis=1), 20)
    assert seen.leap == 1
    assert seen.effective_leap(200) is None
    assert seen.effective_leap(100_000) == 1


def test_a_parity_of_a_hundred_bits_is_read_off_from_questions():
    """Though it has 2^100 inputs."""
    assert spectrum(lambda x: x.sum(axis=1) % 2, 100).leap == 100


def test_the_leap_of_a_chain_is_that_of_its_largest_step():
    """Worked by hand: 4 new coordinates after 3, or 4 of the second first; 2 after 1."""
    assert leap([[1, 2, 3], [2, 3, 4, 5, 6, 7]]) == 4
    assert leap([[1], [1, 2, 3], [1, 2, 3, 4]]) == 2
