"""Grammar: costs are code lengths, natural forms are short, users add operators in three lines."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Expr, Grammar, Op

INPUTS = {
    "bits": ["0110", "1", "01"],
    "text": ["a b", "Ab1", "c"],
    "empty": ["", "ab"],
    "digits": ["123", "9" * 20],
    "int": [1, 2, -3],
    "big": [10**20, 3],
    "float": [1.5, 2],
    "list": [[1, 2], [3], []],
    "row": [{"a": 1, "b": 0.5}, {"a": 2, "b": 1.5}],
    "pair": [(1, 2), (3, 4)],
    "mixed": [1, "a", None],
}


def inferred(name: str) -> Grammar:
    inputs = INPUTS[name]
    return Grammar.infer(Samples.of([(x, i % 2) for i, x in enumerate(inputs)]))


@pytest.mark.parametrize("name", INPUTS)
def test_productions_of_a_type_sum_to_at_most_one(name):
    """For every inferred grammar and type, the operators' probabilities are a distribution."""
    grammar = inferred(name)
    for kind in grammar.types:
        total = sum(2.0 ** -grammar.cost(op) for op in grammar.ops if op.ret == kind)
        assert 0.5 < total <= 1 + 1e-9


def programs(grammar: Grammar, kind: str, bits: float) -> list[tuple[float, str]]:
    """All expressions of a type within the bits, by brute force over the productions."""
    found = []
    if kind in grammar.literals:
        for value in grammar.literals[kind].values(bits):
            expr = grammar.literal(kind, value)
            if grammar.bits(expr) <= bits:
                found.append((grammar.bits(expr), str(expr)))
        return found
    for op in (op for op in grammar.ops if op.ret == kind):
        cost = max(grammar.cost(op), 0.25 * bool(op.args))
        left = bits - cost
        if left < 0:
            continue
        for parts in product(*(programs(grammar, arg, left) for arg in op.args)):
            total = sum(part for part, _ in parts)
            if total <= left:
                found.append((cost + total, op.name + str([text for _, text in parts])))
    return found


@pytest.mark.parametrize("kind", ["bool", "int", "str"])
def test_programs_obey_kraft(kind):
    """The probabilities of all programs of up to 9 bits, counted one by one, sum to at most 1."""
    found = programs(inferred("bits"), kind, 9.0)
    assert len(found) >= 10
    assert len({text for _, text in found}) == len(found)
    assert sum(2.0**-bits for bits, _ in found) <= 1


def expression(grammar: Grammar, text: object) -> Expr:
    """An expression from nested tuples: (operator, argument, ...), literals as (type, value)."""
    if isinstance(text, tuple) and text[0] in grammar.literals:
        return grammar.literal(*text)
    if isinstance(text, tuple):
        return Expr(grammar[text[0]], tuple(expression(grammar, part) for part in text[1:]))
    return Expr(grammar[text])


@pytest.mark.parametrize("output", [1.5, ["a"]])
def test_no_operator_is_in_a_grammar_twice(output):
    """For rows of any two types: no two productions are the same under different names."""
    values = ["ab c", "01", 3, 10**12, 2.5, True, None, ["a", "b"], [1, 2], [1.5, 2]]
    for row in combinations_with_replacement(values, 2):
        grammar = Grammar.infer(Samples.of([(row, output), (row, output)]))
        meanings = [(op.source, op.ret, op.args) for op in grammar.ops]
        assert len(set(meanings)) == len(meanings)


def test_natural_forms_are_shorter():
    """`x.count('1') % 2` beats the digit-sum residue, relative slices beat absolute ones."""
    grammar = inferred("bits")
    parity = ("mod", ("count", "x", ("char", "1")), ("modulus", 2))
    odd = ("== c", ("mod", ("int base 2", ("sorted", "x")), ("modulus", 3)), ("cut", 1))
    half, prefix = ("first half", "x"), ("prefix", "x", ("place", 10))
    bits = [grammar.bits(expression(grammar, text)) for text in (parity, odd, half, prefix)]
    assert bits[0] + 3 < bits[1]
    assert bits[2] + 3 < bits[3]


def test_a_user_adds_an_operator_in_three_lines():
    """An operator given by its source alone is enumerated and printed like any other."""
    samples = Samples.of([(x, x[1:] + x[:1]) for x in ("abc", "xy", "pqrs", "q", "lmnop")] * 4)
    turn = Op("turn", "str", ("str",), "{0}[1:] + {0}[:1]")
    grammar = Grammar.infer(samples).with_ops(turn)
    found = next(Enumerator(grammar, samples, clock=Clock(5)).candidates())
    assert found.source == "def f(x):\n    return x[1:] + x[:1]"


def test_operators_that_nothing_feeds_are_left_out():
    """A list operator in a grammar without lists takes no probability from others."""
    x, total = Op("x", "int", (), "x"), Op("total", "int", ("ints",), "sum({0})")
    grammar = Grammar((x, total))
    assert "total" not in grammar
    assert grammar.cost(x) == 0.0


def test_grammars_are_checked():
    """Two operators of one name, and fixed costs that use up all probability, are refused."""
    x = Op("x", "int", (), "x")
    with pytest.raises(ArgumentError, match="twice"):
        Grammar((x, x))
    greedy = Grammar((x, Op("-", "int", ("int",), "-{0}", bits=0.0)))
    with pytest.raises(ArgumentError, match="probability"):
        greedy.cost(greedy["x"])


def test_a_grammar_prints_as_a_table():
    """Each operator is one line with its type, bits, name and source."""
    lines = str(inferred("bits")).splitlines()
    assert len(lines) == len(inferred("bits").ops)
    assert any("reverse" in line and "{0}[::-1]" in line for line in lines)
