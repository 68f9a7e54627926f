"""Text made character by character or by windows: the rule is found and holds on fresh texts."""

from __future__ import annotations

import codecs
import random
from itertools import accumulate, pairwise

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock
from llmerm.search.bank import Bank
from llmerm.search.emit import emit
from llmerm.search.grammar import Grammar
from llmerm.search.solvers.characters import Characters, images
from llmerm.search.solvers.windows import Windows

LOWER = "abcdefghijklmnopqrstuvwxyz"
MIXED = LOWER + LOWER.upper() + "0123456789 "

BY_CHARACTER = [
    (lambda x: x.translate(str.maketrans("01", "10")), "01"),
    (lambda x: x[::-1].translate(str.maketrans("01", "10")), "01"),
    (lambda x: "".join(c for c in x if c not in "aeiou"), LOWER),
    (lambda x: "".join(c for c in x if c in "02468"), "0123456789"),
    (lambda x: "".join(c.upper() if c in "aeiou" else c for c in x), LOWER),
    (lambda x: "".join("*" if c in "aeiou" else c for c in x), LOWER),
    (lambda x: "".join(c if c in "aeiou" else c * 2 for c in x), LOWER),
    (lambda x: codecs.encode(x, "rot13"), MIXED),
    (lambda x: "".join(str((int(c) + 3) % 10) for c in x), "0123456789"),
    (lambda x: "".join(chr(219 - ord(c)) for c in x), LOWER),
    (lambda x: x.replace("0", "ab").replace("1", "c"), "01"),
    (lambda x: x.replace("a", "bb"), "abc"),
]

BY_WINDOW = [
    (lambda x: "".join(c.upper() if i % 2 == 0 else c for i, c in enumerate(x)), LOWER),
    (lambda x: "".join(str(int(a != b)) for a, b in pairwise(x)), "01"),
    (lambda x: "".join(str(int(a != b)) for a, b in zip(x, x[1:] + x[:1], strict=True)), "01"),
    (
        lambda x: "".join(
            str(int(a) ^ (int(b) | int(c)))
            for a, b, c in zip("0" + x, x, x[1:] + "0", strict=False)
        ),
        "01",
    ),
    (lambda x: "".join(accumulate(x, lambda a, b: str(int(a) ^ int(b)))), "01"),
    (lambda x: "".join(accumulate(x, max)), "012"),
]


def texts(alphabet, count, seed):
    rng = random.Random(seed)
    return ["".join(rng.choices(alphabet, k=rng.randint(2, 14))) for _ in range(count)]


def fitted(solver, rule, alphabet):
    """The cheapest program that the solver proposes for 60 samples, as a function."""
    samples = Samples.of([(x, rule(x)) for x in texts(alphabet, 60, 1)])
    bank = Bank(Grammar.infer(samples), samples, list(range(20)), max_bytes=1 << 20)
    bank.close_level()
    found = sorted(solver.propose(bank, samples, Clock(60)), key=lambda c: c.bits)
    names: dict[str, object] = {}
    exec(emit(found[0].expr), names)
    return names["f"]


@pytest.mark.parametrize(("rule", "alphabet"), BY_CHARACTER)
def test_what_becomes_of_each_character_is_found(rule, alphabet):
    """The cheapest program, as printed, gives what the rule gives on texts that it never saw."""
    call = fitted(Characters(), rule, alphabet)
    fresh = texts(alphabet, 200, 2)
    assert [call(x) for x in fresh] == [rule(x) for x in fresh]


@pytest.mark.parametrize(("rule", "alphabet"), BY_WINDOW)
def test_what_stands_at_each_place_is_found(rule, alphabet):
    """Alternation, neighbours, cellular automata and running sums hold on fresh texts."""
    call = fitted(Windows(), rule, alphabet)
    fresh = texts(alphabet, 200, 2)
    assert [call(x) for x in fresh] == [rule(x) for x in fresh]


@pytest.mark.parametrize("solver", [Characters(), Windows()])
def test_labels_that_depend_on_more_get_no_program(solver):
    """Random labels over the same characters are not explained."""
    inputs = list(dict.fromkeys(texts("abc", 60, 3)))
    samples = Samples.of(list(zip(inputs, texts("abc", len(inputs), 4), strict=True)))
    bank = Bank(Grammar.infer(samples), samples, list(range(20)), max_bytes=1 << 20)
    bank.close_level()
    assert list(solver.propose(bank, samples, Clock(60))) == []


def test_lengths_are_solved_for():
    """Characters may become texts of different lengths; those lengths are a linear system."""
    before = ["ab", "ba", "aab", "c", "cab"]
    after = [x.replace("a", "123").replace("b", "") for x in before]
    assert images(before, after) == {"a": "123", "b": "", "c": "c"}
