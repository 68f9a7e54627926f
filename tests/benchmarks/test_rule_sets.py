"""The rules that measure the embedded proposer: many, sound, balanced, and a third of them set aside."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from llmerm.samples import Samples

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def importable():
    """The benchmarks are programs, not a package: their folder is on the path where they run."""
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def kinds():
    from rule_sets import KINDS

    return KINDS


def hashed(x):
    return random.Random(x).randrange(10**6)


def every(kinds):
    return [rule for rules in kinds.values() for rule in rules]


def test_there_are_many_rules_each_with_a_name_of_its_own(kinds):
    """At least thirty rules a kind, and no name twice."""
    assert all(len(rules) >= 30 for rules in kinds.values())
    assert max(Counter(rule.name for rule in every(kinds)).values()) == 1


def test_a_third_of_each_kind_is_set_aside(kinds):
    """The lot takes a third of those undecided, rounded down."""
    shares = [sum(rule.aside for rule in rules) / len(rules) for rules in kinds.values()]
    assert all(0.3 < share <= 1 / 3 for share in shares)


def test_the_lot_depends_on_names_alone(kinds):
    """The same rules in another order are set aside."""
    from rule_sets import RULES
    from rule_sets.rule import with_lots

    for kind, rules in RULES.items():
        turned = with_lots(rules[::-1])
        assert {r.name for r in turned if r.aside} == {r.name for r in kinds[kind] if r.aside}


def test_every_rule_can_be_shown_and_tried(kinds):
    """Each draws as many examples as it says, from inputs that the library takes."""
    for rule in every(kinds):
        rng = random.Random(0)
        shown = rule.shown(rng)
        assert len(Samples.of(shown)) == len(shown) >= min(rule.samples, 40), rule.name
        if rule.other is not None:
            assert len(rule.fresh(rng, rule.other, 5)) == 5


def test_labels_are_those_of_the_rule_and_depend_on_the_input(kinds):
    """Every label is the rule's, and no rule says the same to all."""
    for rule in every(kinds):
        pairs = rule.fresh(random.Random(1), rule.draw, 60)
        assert all(rule.rule(x) == y for x, y in pairs)
        assert len({repr(y) for _, y in pairs}) > 1, rule.name


def test_both_labels_of_a_boolean_rule_are_drawn_alike(kinds):
    """Of 200 examples, each label has a share that a fair coin gives but once in a million."""
    balanced = [rule for rule in every(kinds) if rule.balanced]
    assert len(balanced) > 100
    for rule in balanced:
        assert 65 <= sum(bool(y) for _, y in rule.shown(random.Random(2))) <= 135, rule.name


def test_few_examples_are_distinct(kinds):
    """From two to seven cells of a spreadsheet, none is shown twice."""
    for rule in kinds["spreadsheets"]:
        inputs = [repr(x) for x, _ in rule.shown(random.Random(3))]
        assert 2 <= len(inputs) <= 7
        assert len(set(inputs)) == len(inputs)


def test_a_rule_that_is_learnt_is_told_from_one_that_is_not():
    """Doubling a number is exact everywhere; the digits of a hash are not right anywhere."""
    from rule_sets.rule import Rule
    from rules import measured, summary

    draw, other = (lambda rng: rng.randint(0, 99)), (lambda rng: rng.randint(100, 999))
    rules = (
        Rule("double", lambda x: 2 * x, draw, other, seconds=30.0, aside=False),
        Rule("random", hashed, draw, other, seconds=1.0, aside=False),
    )
    doubled, random_rows = [measured("numbers", rule) for rule in rules]
    assert (doubled.right, doubled.right_elsewhere) == (1, 1)
    assert max(random_rows.right, random_rows.right_elsewhere) < 0.1
    figures = summary([doubled, random_rows])
    assert (figures["exact"], figures["exact_elsewhere"]) == (0.5, 0.5)
