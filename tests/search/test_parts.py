"""Lists of strings, lists of floats, and lists with a number beside them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.parts import Parts, list_kind
from llmerm.search.solvers.registry import default_solvers

WORDS = ["apple", "Bob", "cat", "dog", "zebra", "hi", "x", "Alice", "banana", "kiwi"]


def strings(rng):
    return [rng.choice(WORDS) for _ in range(rng.randint(1, 6))]


def floats(rng):
    return [round(rng.uniform(-5, 10), 2) for _ in range(rng.randint(1, 8))]


def with_number(rng):
    return [rng.randint(0, 9) for _ in range(rng.randint(2, 8))], rng.randint(0, 9)


RULES = {
    "longest": (strings, lambda x: max(x, key=len)),
    "joined": (strings, ", ".join),
    "sorted and joined": (strings, lambda x: "-".join(sorted(x))),
    "capitals": (strings, lambda x: [w.upper() for w in x]),
    "long ones": (strings, lambda x: [w for w in x if len(w) > 3]),
    "letters in all": (strings, lambda x: sum(map(len, x))),
    "repeats": (strings, lambda x: len(set(x)) < len(x)),
    "split": (lambda rng: ",".join(strings(rng)), lambda x: x.split(",")),
    "mean": (floats, lambda x: sum(x) / len(x)),
    "mean above 3": (floats, lambda x: sum(x) / len(x) > 3),
    "spread": (floats, lambda x: max(x) - min(x)),
    "sorted floats": (floats, sorted),
    "member": (with_number, lambda x: x[1] in x[0]),
    "occurrences": (with_number, lambda x: x[0].count(x[1])),
    "larger ones": (with_number, lambda x: [v for v in x[0] if v > x[1]]),
}


def same(value, label):
    return value == (pytest.approx(label) if isinstance(label, float) else label)


@pytest.mark.parametrize("name", RULES)
def test_rules_on_lists_are_found(name):
    """From 100 examples the search finds a program that is right on 500 fresh inputs."""
    draw, rule = RULES[name]
    rng = random.Random(name)
    samples = Samples.of([(x, rule(x)) for x in (draw(rng) for _ in range(100))])
    search = Enumerator(Grammar.infer(samples), samples, solvers=default_solvers(), clock=Clock(20))
    found = next(search.candidates())
    names: dict[str, object] = {}
    exec(found.source, names)
    fresh = [draw(rng) for _ in range(500)]
    assert all(same(names["f"](x), rule(x)) for x in fresh), found.source


def test_equal_lists_have_equal_keys_and_others_do_not():
    """Keys follow the items, their order and where one ends, but not a float's eleventh digit."""
    kind = Parts((str,), 4)
    rows = [[["a", "b"]], [["b", "a"]], [["a\nb"]], [["ab"]], [[]], [["a", "b"]]]
    keys = [int(kind.keys(kind.encode(row))[0]) for row in rows]
    assert keys[0] == keys[5]
    assert len(set(keys)) == 5
    kind = Parts((float, int), 4)
    sums = [kind.keys(kind.encode([[v]])) for v in (0.1 + 0.2, 0.3, 0.31)]
    assert np.array_equal(sums[0], sums[1])
    assert not np.array_equal(sums[0], sums[2])


def test_other_items_are_refused():
    """A list of strings holds strings alone, and a truth value is no number."""
    with pytest.raises(TypeError, match="list of str"):
        Parts((str,), 4).encode([["a", 1]])
    with pytest.raises(TypeError, match="list of float"):
        Parts((float, int), 4).encode([[1.0, True]])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([[1, 2], []], "ints"),
        ([[1, 2.5], [3]], "floats"),
        ([["a"], []], "strs"),
        ([["a"], [1]], None),
        ([[10**12]], None),
        ([[True]], None),
        (["ab"], None),
    ],
)
def test_the_kind_of_a_list_is_that_of_its_items(values, kind):
    """Mixed items, huge numbers and truth values have no kind."""
    assert list_kind(values) == kind
