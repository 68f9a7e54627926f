"""Bounds on planted parities, against exact counts."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import erm_samples, sq_lower_bound


@pytest.mark.parametrize(("n", "k"), [(10, 1), (36, 4), (100, 10), (7, 7)])
def test_the_query_bound_is_the_root_of_the_number_of_parities(n, k):
    """And each bit of precision halves it."""
    assert sq_lower_bound(n, k) ** 2 == pytest.approx(math.comb(n, k))
    assert sq_lower_bound(n, k, bits=3) == pytest.approx(sq_lower_bound(n, k) / 8)


def test_the_query_bound_says_nothing_at_22_bits_for_the_papers_case():
    """n = 100, k = 10: sqrt(C(n, k)) = 4.2e6, about 2^22."""
    assert sq_lower_bound(100, 10) == pytest.approx(4.16e6, rel=0.01)
    assert sq_lower_bound(100, 10, bits=22) < 1


def test_numbers_beyond_floats_are_no_error():
    """C(5000, 2500) has 1,503 digits, and its root is above 1e700: too much for any float."""
    assert sq_lower_bound(2000, 1000, bits=900) > 1
    assert erm_samples(5000, 2500) == pytest.approx(5000, rel=0.01)


def test_wrong_parities_survive_as_often_as_the_bound_allows():
    """Every parity of 2 of 12 bits against the planted one, on 11 uniform samples, 400 times."""
    n, k, delta = 12, 2, 0.05
    m = math.ceil(erm_samples(n, k, delta=delta))
    rng = random.Random(0)
    wrong = [set(s) ^ {0, 1} for s in itertools.combinations(range(n), k) if set(s) != {0, 1}]
    survived = 0
    for _ in range(400):
        inputs = [[rng.getrandbits(1) for _ in range(n)] for _ in range(m)]
        survived += any(all(sum(x[i] for i in s) % 2 == 0 for x in inputs) for s in wrong)
    assert m == 11
    assert 0 < survived / 400 <= delta


@pytest.mark.parametrize(("n", "k"), [(5, 0), (5, 6), (0, 1)])
def test_what_is_no_parity_is_refused(n, k):
    """With both numbers, by both functions."""
    for bound in (sq_lower_bound, erm_samples):
        with pytest.raises(ArgumentError, match=f"parity of {k} of {n}"):
            bound(n, k)


def test_precision_and_confidence_are_checked():
    """Each message has the value."""
    with pytest.raises(ArgumentError, match=r"bits.*-1"):
        sq_lower_bound(10, 2, bits=-1)
    with pytest.raises(ArgumentError, match=r"delta.*1\.5"):
        erm_samples(10, 2, delta=1.5)
