"""Leaves: inputs are read by their type, and what is missing has a value of its own."""

from __future__ import annotations

import random

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.leaves import read
from llmerm.search.solvers.registry import default_solvers


def found(rule, inputs):
    """The source of the first program that the search gives for a rule, and the program."""
    samples = Samples.of([(x, rule(x)) for x in inputs])
    grammar = Grammar.infer(samples)
    search = Enumerator(grammar, samples, solvers=default_solvers(), clock=Clock(20))
    source = next(search.candidates()).source
    names: dict[str, object] = {}
    exec(source, names)
    return source, names["f"]


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        (["a", "b"], [("str", "x")]),
        ([True, False], [("bool", "x")]),
        ([1, 2], [("int", "x")]),
        ([1, 10**12], [("big", "x")]),
        ([1, 2.5], [("float", "x")]),
        ([[1, 2], []], [("ints", "x")]),
        ([(1, 2, 3, 4), (1,)], [("ints", "list(x)")]),
        ([[True, False], [True]], [("ints", "list(map(int, x))")]),
        ([(True, 2), (False, 3)], [("bool", "x[0]"), ("int", "x[1]")]),
        ([(1, 2, 3)], [("int", f"x[{i}]") for i in range(3)] + [("ints", "list(x)")]),
        (
            [(1, "u"), (None, "v")],
            [("bool", "x[0] is None"), ("int", "x[0] or 0"), ("str", "x[1]")],
        ),
        (
            [{"a": 1, "b": 2}, {"b": 3}],
            [
                ("bool", "x.get('a') is None"),
                ("int", "x.get('a') or 0"),
                ("int", "x['b']"),
                ("int", "len(x)"),
            ],
        ),
        ([{"a": 1, "b": 2}, {"b": 3}, {"b": 4}], [("int", "x['b']"), ("int", "len(x)")]),
        ([1, None, "a"], [("str", "str(x)")]),
        ([(None,), (None,)], [("str", "str(x)")]),
    ],
)
def test_inputs_are_read_by_their_type(inputs, wanted):
    """The whole input, or the parts that most have; what has no type is read as it prints."""
    assert [(leaf.ret, leaf.source) for leaf in read(inputs)] == wanted
    for leaf in read(inputs):
        call = eval(f"lambda x: {leaf.source}")
        assert all(call(x) is not None for x in inputs)


def test_a_cell_that_is_missing_is_told_from_one_that_is_not():
    """A rule about missing cells is found, and right on cells that were not among the samples."""

    def rule(row):
        return "unknown" if row["age"] is None else "old" if row["age"] > 60 else "young"

    rng = random.Random(1)
    rows = [
        {"age": rng.choice([None, *range(0, 91, 3)]), "n": rng.randint(0, 9)} for _ in range(200)
    ]
    _, call = found(rule, rows)
    fresh = [{"age": age, "n": 5} for age in (None, 0, 3, 30, 90)]
    assert [call(row) for row in fresh] == [rule(row) for row in fresh]


@pytest.mark.parametrize(
    ("rule", "inputs"),
    [
        (lambda x: not x, [True, False] * 20),
        (lambda x: sum(x) % 2 == 1, None),
    ],
)
def test_truth_values_are_inputs(rule, inputs):
    """One truth value, and lists of them of any length, are computed with, not read as text."""
    rng = random.Random(2)
    lists = [[rng.random() < 0.5 for _ in range(rng.randint(1, 9))] for _ in range(120)]
    source, call = found(rule, inputs or lists)
    assert "str(" not in source
    fresh = inputs or [[True] * n + [False] * 3 for n in range(12)]
    assert [bool(call(x)) for x in fresh] == [rule(x) for x in fresh]


def test_negative_numbers_are_seen_wherever_they_stand():
    """Constants may be negative where a number in a list, a row or an input is."""
    for inputs in ([-1, 2], [[1, 2], [3, -4]], [{"a": [1, -2]}, {"a": [3]}], [(1, "u"), (-1, "v")]):
        signed = Grammar.infer(Samples.of([(x, i) for i, x in enumerate(inputs)]))
        assert signed.literals["cut"].signed
    plain = Grammar.infer(Samples.of([([1, 2], 0), ([], 1), ([3, 4], 1)]))
    assert not plain.literals["cut"].signed
