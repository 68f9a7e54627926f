"""Characters replaced one by one: circles of letters, mirrors and tables."""

from __future__ import annotations

import codecs
import random
import string

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.operators.translated import Tables
from llmerm.search.solvers.characters import Characters, replacements

DNA = str.maketrans("ACGT", "TGCA")


def counted(checks: int) -> Clock:
    """A clock that is over when it was looked at so often, however busy the machine."""
    looks = iter(range(10**9))
    return Clock(checks, now=lambda: float(next(looks)))


def texts(alphabet: str, count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choice(alphabet) for _ in range(rng.randint(4, 15))) for _ in range(count)]


RULES = [
    ("rotated", string.ascii_letters + " ", lambda x: codecs.encode(x, "rot13")),
    ("rotated", string.digits, lambda x: "".join(str((int(c) + 3) % 10) for c in x)),
    ("[::-1]", string.digits, lambda x: "".join(str(9 - int(c)) for c in x)),
    ("maketrans", "ACGT", lambda x: x.translate(DNA)),
    ("[::-1]", "ACGT", lambda x: x.translate(DNA)[::-1]),
    ("maketrans", "aeioubcd", lambda x: "".join(c.upper() if c in "aeiou" else c for c in x)),
]


@pytest.mark.parametrize(("shown", "alphabet", "rule"), RULES)
def test_replaced_characters_are_found(shown, alphabet, rule):
    """From 100 texts, a program that is right on 500 others and shows what it does."""
    samples = Samples.of([(x, rule(x)) for x in texts(alphabet, 100, 1)])
    search = Enumerator(
        Grammar.infer(samples),
        samples,
        solvers=(Characters(),),
        goal_directed=False,
        clock=counted(400),
    )
    found = next(c for c in search.candidates() if c.origin == "characters")
    names: dict[str, object] = {}
    exec(found.source, names)
    assert all(names["f"](x) == rule(x) for x in texts(alphabet, 500, 2))
    assert shown in found.source


def test_a_character_that_becomes_two_has_no_table():
    """No table is made where a character has two successors, or the lengths differ."""
    assert replacements(["aa"], ("bc",)) is None
    assert replacements(["ab"], ("b",)) is None
    assert replacements(["ab", "b"], ("bx", "x")) == {"a": "b", "b": "x"}


def test_tables_obey_kraft():
    """Over two letters the probabilities of all tables, to ASCII or the alphabet, are below 1."""
    family = Tables("ab")
    after = [chr(i) for i in range(128)]
    single = [(b, a) for b in "ab" for a in after]
    double = [("ab", a + c) for a in after for c in after]
    total = sum(2.0 ** -family.bits(table) for table in (*single, *double))
    assert 0.1 < total <= 1
