"""GBNF: every text is a typed program, every program of the search is a text."""

from __future__ import annotations

import ast
import random

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.proposers.gbnf import answers, brought, gbnf, standing_alone
from llmerm.proposers.gbnf.plain import plain
from llmerm.proposers.random_grammar import Chance
from llmerm.samples import Samples
from llmerm.search import Grammar, Op
from llmerm.search.expression import Expr, render
from llmerm.search.goal import Goal
from llmerm.search.literals import Naturals

from . import gbnf_reader

SAMPLES = {
    "bits": [("0110", 1), ("1", 0), ("01", 0)],
    "long bits": [("0110" * 20, 1), ("1", 0)],
    "text": [("a b", "A"), ("Ab1", "B"), ("'\"\\z\n", "C")],
    "yes or no": [("ab", "yes"), ("", "no")],
    "digits": [("123", 6), ("9" * 20, 180)],
    "int": [(1, True), (2, False), (-3, True)],
    "big": [(10**20, 1), (3, 0)],
    "float": [(1.5, 3.0), (2.5, 5.0), (-1.0, -2.0)],
    "list": [([1, 2], [2, 1]), ([3, 4, 5], [5, 4, 3])],
    "row": [({"a": 1, "it's": "u"}, 1), ({"a": 2, "it's": "v"}, 0)],
    "pair": [((1, 2), 3), ((3, 4), 7)],
}
LEGITIMATE = (IndexError, ValueError, ZeroDivisionError, OverflowError)
"""What an expression with the right types may still raise."""


@pytest.fixture(params=SAMPLES)
def samples(request) -> Samples:
    return Samples.of(SAMPLES[request.param])


@pytest.fixture
def grammar(samples) -> Grammar:
    return Grammar.infer(samples)


@pytest.fixture
def ways(samples) -> tuple[Op, ...]:
    return answers(Goal.of(samples.outputs))


@pytest.fixture
def rules(grammar, ways) -> dict[str, object]:
    return gbnf_reader.read(gbnf(grammar, ways))


def test_every_rule_that_is_named_is_defined_and_has_a_text(rules):
    """No rule is missing, none is idle, and none goes on for ever."""
    named = set().union(*map(gbnf_reader.references, rules.values()))
    assert named | {"root"} == rules.keys()
    assert max(gbnf_reader.heights(rules).values()) < 100


def test_no_rule_can_begin_with_itself(rules):
    """There is no left recursion, direct or through others, over empty parts too."""
    empty = gbnf_reader.nullable(rules)
    begins = {name: gbnf_reader.firsts(body, empty) for name, body in rules.items()}
    for start in begins:
        reached, new = set(), begins[start]
        while new - reached:
            reached |= new
            new = set().union(*(begins[name] for name in new))
        assert start not in reached


def test_every_text_is_a_program_whose_types_are_right(rules, grammar, samples):
    """Random texts parse, name nothing unknown, and fail on values alone, never on types."""
    rng, returned = random.Random(0), 0
    names = brought(grammar.ops)
    for _ in range(150):
        source = standing_alone(gbnf_reader.draw(rules, rng, depth=14), names)
        space = {}
        exec(source, space)
        for x in samples.inputs:
            try:
                space["f"](x)
            except LEGITIMATE:
                continue
            returned += 1
    assert returned > 75


def test_every_expression_of_the_search_is_a_text(rules, grammar, ways):
    """What the search can print with the operators that have a rule, a model can write."""
    sayable = plain(grammar)
    chance = Chance(sayable, depth=4)
    for number in range(100):
        way = ways[number % len(ways)]
        if not chance.can_draw(way.args[0]):
            continue
        expr = chance.draw(way.args[0], np.random.default_rng(number))
        text = f"def f(x):\n    return {render(Expr(way, (expr,)))}\n"
        assert gbnf_reader.accepts(rules, text), text


def test_parentheses_keep_the_meaning_of_the_tree():
    """A text with one product of sums says so: the looser operator is in parentheses."""
    grammar = Grammar(
        (
            Op("x", "int", (), "x"),
            Op("+", "int", ("int", "int"), "{0} + {1}"),
            Op("*", "int", ("int", "int"), "{0} * {1}"),
            Op("negative", "int", ("int",), "-{0}"),
        )
    )
    rules = gbnf_reader.read(
        gbnf(grammar, [Op("it", "label", ("int",), "{0}")], before="", after="")
    )
    for good in ("x * (x + x)", "(x + x) * x", "x + x * x", "-x * x", "-(x + x)", "x + (x + x)"):
        assert gbnf_reader.accepts(rules, good), good
    for bad in ("((x))", "(x)", "x * (x)", "x *", "x * x + x)"):
        assert not gbnf_reader.accepts(rules, bad), bad


def test_an_argument_that_is_written_twice_is_the_same_text_twice():
    """`{0}[:len({0}) // 2]` is offered for the input itself, so that both places agree."""
    x, y = Op("x", "str", (), "x[0]"), Op("y", "str", (), "x[1]")
    half = Op("half", "str", ("str", "place"), "{0}[{1}:len({0}) // 2]")
    grammar = plain(Grammar((x, y, half), {"place": Naturals(1)}))
    sources = {op.source for op in grammar.ops if op.name.startswith("half")}
    assert sources == {"x[0][{0}:len(x[0]) // 2]", "x[1][{0}:len(x[1]) // 2]"}


def test_without_an_expression_of_the_labels_type_there_is_an_error():
    """The message names the types that are wanted and those that there are."""
    grammar = Grammar((Op("x", "int", (), "x"),))
    with pytest.raises(ArgumentError, match=r"\['ints'\].*int"):
        gbnf(grammar, [Op("it", "label", ("ints",), "{0}")])


def test_what_a_program_names_is_put_in_front_and_nothing_else():
    """A helper comes with its own imports; a program that needs none stays as it is."""
    names = brought(Grammar.infer(Samples.of(SAMPLES["int"])).ops)
    source = "def f(x):\n    return is_square(x)\n"
    defined = {
        part.name
        for part in ast.parse(standing_alone(source, names)).body
        if isinstance(part, ast.FunctionDef)
    }
    assert defined == {"is_square", "f"}
    space = {}
    exec(standing_alone(source, names), space)
    assert [space["f"](x) for x in (8, 9)] == [False, True]
    assert standing_alone("def f(x): return x", names) == "def f(x): return x"
