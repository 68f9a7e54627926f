"""Literals: their codes obey Kraft's inequality and prefer round numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.search.literals import (
    Choices,
    Decimals,
    Naturals,
    PairSets,
    Subsets,
    Words,
    WordSets,
    gamma,
)

FAMILIES = [
    Naturals(0),
    Naturals(2),
    Decimals(),
    Decimals(signed=True),
    Decimals(whole=False),
    Choices(("a", "b", "c")),
    Words("01"),
    Words("abc"),
]


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_codes_obey_kraft(family):
    """The probabilities of all constants up to 14 bits sum to at most 1, and to more than 1/2."""
    values = list(family.values(14.0))
    assert len(values) == len(set(values))
    total = sum(2.0 ** -family.bits(value) for value in values)
    assert 0.5 < total <= 1 + 1e-12


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_enumeration_stays_within_the_limit(family):
    """No enumerated constant costs more than the limit, and none within it is left out."""
    inside = set(family.values(9.0))
    assert inside == {value for value in family.values(13.0) if family.bits(value) <= 9.0}


def test_set_codes_obey_kraft():
    """All non-empty subsets of eight places together have probability at most 1."""
    family = Subsets(8)
    total = sum(math.comb(8, k) * 2.0 ** -family.bits(tuple(range(k))) for k in range(1, 9))
    assert 0.5 < total <= 1
    words = WordSets("01")
    chosen = [frozenset({"0"}), frozenset({"1"}), frozenset({"0", "1"})]
    assert sum(2.0 ** -words.bits(value) for value in chosen) <= 1
    assert PairSets("01").bits(frozenset({("00", "01"), ("10", "11")})) == 14.0


def test_gamma_is_the_length_of_elias_code():
    """A number of b binary digits is coded in b - 1 zeros and its b digits."""
    for n in range(1, 200):
        assert gamma(n) == len("0" * (len(bin(n)[2:]) - 1) + bin(n)[2:])


@given(st.integers(0, 5000), st.integers(1, 400))
def test_cheapest_is_the_cheapest_integer_in_the_gap(low, width):
    """The roundest cut is what trying every integer in the gap finds."""
    family = Decimals()
    best = min(family.bits(v) for v in range(low + 1, low + width + 1))
    found = family.cheapest(low, low + width)
    assert low < found <= low + width
    assert family.bits(found) == best


@given(st.floats(-50, 50), st.floats(1e-3, 10))
def test_cheapest_float_lies_in_the_gap(low, width):
    """A fitted real constant separates what it has to separate."""
    found = Decimals(signed=True, whole=False).cheapest(low, low + width)
    assert found is not None
    assert low < found <= low + width


def test_round_numbers_are_cheap():
    """500 costs less than 489, and 0.5 less than 0.4871."""
    assert Decimals().bits(500) < Decimals().bits(489)
    assert Decimals(whole=False).bits(0.5) < Decimals(whole=False).bits(0.4871)
