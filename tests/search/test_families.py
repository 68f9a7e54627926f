"""Families of programs: their codes are prefix codes, from the first choice to the last constant.

Counted by brute force: a program settles the labels, so the proposals for all possible labels of a
few inputs are different programs, and together they may weigh no more than their family does.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from itertools import product

import pytest

from llmerm.search.families import FAMILY_BITS
from llmerm.search.goal import Goal
from llmerm.search.solvers.characters import BASES, forms
from llmerm.search.solvers.registry import default_solvers
from llmerm.search.solvers.windows import by_last, by_place, by_window
from llmerm.search.texts import character_bits, table_bits


def weight(bits: Iterable[float]) -> float:
    return sum(2.0**-b for b in bits)


def strings(letters: str, longest: int) -> list[str]:
    return ["".join(t) for n in range(longest + 1) for t in product(letters, repeat=n)]


def test_the_families_share_the_probability():
    """All families together weigh 1, and all but expressions and constants have their solver."""
    assert weight(FAMILY_BITS.values()) == 1
    solvers = {solver.name for solver in default_solvers()}
    assert set(FAMILY_BITS) - solvers == {"expression", "constant"}


@pytest.mark.parametrize("labels", [[0, 1], ["a", "b", "c"], [1.5], [True, False, True]])
def test_expressions_and_constants_weigh_what_their_families_do(labels):
    """The types that an expression can have, and the labels that a constant can be, share it."""
    goal = Goal.of(labels)
    expressions = len(goal.targets) * 2.0**-goal.root_bits
    constants = len(set(labels)) * 2.0 ** (goal.names_bits - goal.constant_bits)
    assert expressions <= 2.0 ** -FAMILY_BITS["expression"]
    assert constants <= 2.0 ** -FAMILY_BITS["constant"] + 1e-12


@pytest.mark.parametrize(
    "images",
    [
        ("ab", strings("abA*", 2)),
        ("a0", ["", "aa", "A", *string.ascii_lowercase, *string.digits, "*"]),
        ("abc", strings("abcz", 1)),
    ],
)
def test_what_becomes_of_characters_weighs_at_most_1(images):
    """Every table of what becomes of two or three characters, in every way to write it."""
    letters, becomes = images
    tables = [
        dict(zip(letters, image, strict=True)) for image in product(becomes, repeat=len(letters))
    ]
    bits = [bits for table in tables for bits, _ in forms(table)]
    assert len(bits) > len(tables) / 2
    assert 0.1 < weight(bits) <= 1
    assert weight(bits for _, bits in BASES) <= 1


def test_what_stands_at_places_weighs_at_most_1():
    """Every label of up to five characters for one text, in every way to write it."""
    rules = (by_place, by_window, by_last)
    labels = strings("abA", 5)
    bits = [bits for y in labels for rule in rules for bits, _ in rule(["abba"], [y])]
    assert len(bits) > 100
    assert 0.1 < weight(bits) <= 1


def test_tables_of_characters_weigh_at_most_1():
    """All pairs of ASCII characters as the entries of a table, whatever the inputs have."""
    characters = list(map(chr, range(128)))
    for known in ("", "a", "01", string.ascii_lowercase):
        tables = product(characters, repeat=2)
        assert 0.01 < weight(table_bits(table, known) for table in tables) <= 1


def test_characters_weigh_at_most_1():
    """All code points that a string can have."""
    assert 0.5 < weight(map(character_bits, map(chr, range(0x110000)))) <= 1
