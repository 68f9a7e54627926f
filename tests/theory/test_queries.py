"""Leaps from questions to a rule, against truth tables by definition."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import effective_leap, leap, least_visible, spectrum, walsh_hadamard

KNOWN = [
    (lambda x: x.sum(1) >= 2, 3, 1),
    (lambda x: x[:, :3].all(1), 3, 1),
    (lambda x: np.take_along_axis(x[:, 2:], 2 * x[:, :1] + x[:, 1:2], 1)[:, 0], 6, 1),
    (lambda x: (x[:, 0] & x[:, 1]) ^ (x[:, 2:12].sum(1) % 2), 12, 10),
    (lambda x: (x[:, 0] & x[:, 1] & x[:, 2]) ^ (x[:, 3] & x[:, 4]) ^ x[:, 5], 6, 1),
    (lambda x: (x[:, 0] & x[:, 1]) ^ (x[:, 2] & x[:, 3]), 4, 1),
]
NAMES = ["majority", "and", "multiplexer", "xor of ten", "sum of products", "inner product"]


def by_definition(table: list[int]) -> list[int]:
    """Each sum on its own."""
    places = range(len(table))
    return [sum(y * (-1) ** (s & x).bit_count() for x, y in enumerate(table)) for s in places]


@pytest.mark.parametrize("d", range(7))
def test_the_transform_is_the_definition(d):
    """On random integers; twice, it gives the table back, 2^d times as large."""
    table = np.random.default_rng(d).integers(-9, 10, 2**d)
    assert walsh_hadamard(table).tolist() == by_definition(table.tolist())
    assert (walsh_hadamard(walsh_hadamard(table)) == table * 2**d).all()


def test_a_table_has_a_power_of_two_of_entries():
    """Else it is refused, with its shape."""
    for wrong in (np.zeros(3, int), np.zeros(0, int), np.zeros((2, 2), int)):
        with pytest.raises(ArgumentError, match="shape"):
            walsh_hadamard(wrong)


@pytest.mark.parametrize(("rule", "n", "expected"), KNOWN, ids=NAMES)
def test_worked_examples(rule, n, expected):
    """Exact over few coordinates; hidden among 100 by what is declared, and by probes."""
    assert spectrum(rule, n).leap == expected
    assert spectrum(rule, n).exact
    declared = spectrum(rule, 100, reads=range(n))
    assert (declared.leap, declared.exact) == (expected, True)


@pytest.mark.parametrize(("rule", "n", "expected"), KNOWN[:3] + KNOWN[4:])
def test_probes_find_what_matters_among_a_hundred(rule, n, expected):
    """The rule is moved to the last coordinates; the result is not called exact."""
    found = spectrum(lambda x: rule(x[:, 100 - n :]), 100)
    assert set(found.always + found.sometimes) == set(range(100 - n, 100))
    assert (found.leap, found.exact) == (expected, False)


def test_what_always_flips_the_label_is_one_factor():
    """A parity of 90 with a conjunction of two, of 100 bits: four products, the least of 90."""
    found = spectrum(lambda x: (x[:, 0] & x[:, 1]) ^ (x[:, 2:92].sum(1) % 2), 100)
    assert (found.always, found.sometimes) == (tuple(range(2, 92)), (0, 1))
    assert found.in_every_product == tuple(range(2, 92))
    assert found.coefficients.tolist() == [0.5, 0.5, 0.5, -0.5]
    assert (found.leap, found.constant) == (90, 0.0)


@pytest.mark.parametrize("seed", range(12))
def test_the_factor_changes_nothing(seed):
    """Random rules times a parity: with the parity in front and in the table, one leap."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 2, 8) if seed % 3 else np.array([0, 1, 1, 0, 1, 0, 0, seed % 2])

    def rule(x: np.ndarray) -> np.ndarray:
        return table[x[:, :3] @ (1, 2, 4)] ^ (x[:, 3:].sum(1) % 2).astype(np.int64)

    whole = spectrum(rule, 8)
    apart = spectrum(lambda x: rule(x[:, :8]), 30)
    assert set(apart.always) >= set(range(3, 8)) == set(range(3, 8)) & set(whole.in_every_product)
    assert apart.leap == whole.leap


def test_coefficients_are_those_of_the_sign():
    """The label 1 counts as -1: x0 of two bits has weight 1, its negation -1."""
    assert spectrum(lambda x: x[:, 0], 2).coefficients.tolist() == [0, 1, 0, 0]
    assert spectrum(lambda x: 1 - x[:, 0], 2).coefficients.tolist() == [0, -1, 0, 0]
    assert spectrum(lambda x: x[:, 0] & x[:, 1], 2).constant == 0.5


def test_a_rare_coordinate_escapes_the_probes():
    """A conjunction of 30 bits looks like a constant: that is what `exact` is False for."""
    found = spectrum(lambda x: x[:, :30].all(1), 100)
    assert (found.leap, found.exact, found.in_every_product) == (0, False, ())
    assert found.effective_leap(10**6) is None


def test_what_shows_in_m_samples_counts():
    """A conjunction of six has weights of 1/32: seen from about 16,000 samples on, as computed."""
    found = spectrum(lambda x: x.all(1), 6)
    needed = 2 * math.log(2 * 64 / 0.05) * 32**2
    assert found.leap == 1
    assert found.effective_leap(math.floor(needed)) is None
    assert found.effective_leap(math.ceil(needed)) == 1
    signs = {
        tuple(s): (-1.0) ** len(s) / 32
        for size in range(1, 7)
        for s in itertools.combinations(range(6), size)
    }
    assert effective_leap({(): 31 / 32, **signs}, math.ceil(needed)) == 1
    assert effective_leap({(): 31 / 32, **signs}, math.floor(needed)) is None


def test_a_step_that_does_not_show_makes_a_leap():
    """Without its small second step, the staircase has a leap of 2; masks are taken as well."""
    assert effective_leap({(1,): 0.6, (1, 2): 0.01, (1, 2, 3): 0.6}, 500) == 2
    assert effective_leap({0b1: 0.6, 0b11: 0.01, 0b111: 0.6}, 500) == 2
    assert leap([[1], [1, 2], [1, 2, 3]]) == 1


def test_estimates_stay_within_the_least_visible():
    """300 draws of 50 samples of 16 independent signs: some is beyond in at most 5 %, and it is
    no loose bound: within three quarters of it they often are not.
    """
    rng = np.random.default_rng(0)
    worst = np.abs(rng.choice((-1, 1), (300, 50, 16)).mean(axis=1)).max(axis=1)
    least = least_visible(50, 16)
    assert np.mean(worst >= least) <= 0.05 < np.mean(worst >= 0.75 * least)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: spectrum(lambda x: x[:, :25].sum(1) > 12, 30), "25 coordinates matter"),
        (lambda: spectrum(lambda x: x[:, 0] + 1, 3), "0 or 1 for each of 8"),
        (lambda: spectrum(lambda x: x, 3), r"shape \(8, 3\)"),
        (lambda: spectrum(lambda x: x[:, 0], 30, probes=0), "probes.*0"),
        (lambda: spectrum(lambda x: x[:, 0], 3, reads=[3]), "3"),
        (lambda: spectrum(lambda x: x[:, 0], 3, reads=[1, 1]), "distinct"),
        (lambda: spectrum(lambda x: x[:, 0], 0), "n=0"),
        (lambda: least_visible(0, 1), "at least 1.*0"),
        (lambda: effective_leap({1: 1.0}, 9, delta=1.0), r"delta.*1\.0"),
    ],
)
def test_arguments_are_checked(call, words):
    """Each message has the value."""
    with pytest.raises(ArgumentError, match=words):
        call()
