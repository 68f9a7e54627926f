"""Goal-directed last step: it finds every pair of arguments that trying all pairs finds."""

from __future__ import annotations

import random

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Grammar, Op
from llmerm.search.approximate import Approximations
from llmerm.search.bank import Bank
from llmerm.search.last_step import STEPS, LastStep
from llmerm.search.levels import Levels
from llmerm.search.operators import logic, numbers

LEAVES = 24
BY_NAME = {op.name: op for op in (*numbers.ARITHMETIC, *numbers.TESTS, *logic.CONNECTIVES)}


def grammar(kind: str, op: Op) -> Grammar:
    """Twenty-four inputs of a type and one operator on pairs of them."""
    leaves = tuple(Op(f"x[{i}]", kind, (), f"x[{i}]", weight=1) for i in range(LEAVES))
    return Grammar((*leaves, op))


def rows(kind: str, samples: int, seed: int, share: float) -> list[list[object]]:
    rng = random.Random(seed)
    draw = (lambda: rng.random() < share) if kind == "bool" else (lambda: rng.randint(1, 6))
    return [[draw() for _ in range(LEAVES)] for _ in range(samples)]


@pytest.mark.parametrize("name", ["==", ">", ">=", "+", "-", "*", "and", "or", "xor"])
@pytest.mark.parametrize("seed", range(3))
def test_all_pairs_are_found(name, seed):
    """For a planted pair, the step's finds are those of a loop over all pairs."""
    op = BY_NAME[name]
    kind = op.args[0]
    inputs = rows(kind, 14, seed, 0.3 if name == "or" else 0.6)
    call = eval("lambda a, b: " + op.source.replace("{0}", "a").replace("{1}", "b"))
    labels = [call(x[3], x[11]) for x in inputs]
    samples = Samples.of(list(zip(inputs, labels, strict=True)))
    bank = Bank(grammar(kind, op), samples, range(14), max_bytes=1 << 22)
    list(Levels(bank, samples, (), False, Clock(60), 6.0, Approximations(14, 2)).matches())
    while bank.columns[kind].level(bank.unit - 1) == slice(0, 0):
        bank.unit -= 1
    finds = set()
    step = LastStep(bank, Clock(60))
    for unit in bank.columns[kind].units(bank.unit):
        bank.unit = unit + 1
        finds |= {str(expr) for expr in step.found()}
    wanted = set()
    for i in range(LEAVES):
        for j in range(LEAVES):
            pair = [f"x[{i}]", f"x[{j}]"]
            trivial = labels in ([x[i] for x in inputs], [x[j] for x in inputs])
            if i != j and not trivial and [call(x[i], x[j]) for x in inputs] == labels:
                wanted.add(op.source.replace("{0}", pair[0]).replace("{1}", pair[1]))
    assert len(set(labels)) > 1
    assert wanted
    assert op.source.replace("{0}", "x[3]").replace("{1}", "x[11]") in finds or op.commutes
    for text in finds:
        assert [eval(text, {"x": x}) for x in inputs] == labels
    missing = wanted - finds
    assert all(op.commutes for _ in missing)
    assert len(missing) <= len(wanted) / 2


def test_every_step_belongs_to_an_operator():
    """The names in the catalogue and the steps that exist are the same."""
    from llmerm.search.operators import items, lists, strings

    named = {
        op.finish
        for module in (strings, numbers, lists, items, logic)
        for group in vars(module).values()
        if isinstance(group, tuple)
        for op in group
        if isinstance(op, Op) and op.finish
    }
    assert named == set(STEPS)
