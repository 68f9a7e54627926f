"""The control: programs drawn at random from the grammar, without a model."""

from __future__ import annotations

import asyncio
from collections import Counter

import numpy as np
import pytest

import llmerm
from llmerm.errors import ArgumentError
from llmerm.proposers.random_grammar import Chance, RandomGrammar
from llmerm.proposers.registry import resolve
from llmerm.samples import Samples
from llmerm.search import Grammar, Op
from llmerm.typing import Proposal

BITS = Samples.of([("0110", 1), ("1", 0), ("01", 0)])


def drawn(proposer: RandomGrammar, train: Samples, k: int, seed: int = 0) -> list[Proposal]:
    """All proposals."""

    async def collect():
        return [proposal async for proposal in proposer.propose(train, k, seed)]

    return asyncio.run(collect())


def test_a_draw_depends_on_the_seed_and_its_number_alone():
    """More draws do not change the first ones; another seed does."""
    few = [proposal.source for proposal in drawn(RandomGrammar(), BITS, 5)]
    many = [proposal.source for proposal in drawn(RandomGrammar(), BITS, 40)]
    assert many[:5] == few
    assert len(set(many)) > 20
    assert [proposal.source for proposal in drawn(RandomGrammar(), BITS, 40, seed=1)] != many


def test_productions_come_as_often_as_their_probability_says():
    """Over 4,000 draws the operators at the root lie within four standard errors."""
    ops = (
        Op("x", "int", (), "x", weight=5),
        Op("-", "int", ("int",), "-{0}", weight=2),
        Op("+", "int", ("int", "int"), "{0} + {1}", weight=1),
    )
    grammar = Grammar(ops)
    chance, rng, n = Chance(grammar, depth=30), np.random.default_rng(0), 4000
    seen = Counter(chance.draw("int", rng).op.name for _ in range(n))
    total = sum(2.0 ** -grammar.cost(op) for op in ops)
    for op in ops:
        p = 2.0 ** -grammar.cost(op) / total
        assert abs(seen[op.name] - n * p) < 4 * (n * p * (1 - p)) ** 0.5


def test_no_expression_is_deeper_than_asked():
    """The operators from the root to a leaf are at most `depth`, and some reach it."""
    chance, rng = Chance(Grammar.infer(BITS), depth=3), np.random.default_rng(0)

    def depth(expr):
        if not expr.args:
            return 0
        return 1 + max(map(depth, expr.args))

    depths = [depth(chance.draw("bool", rng)) for _ in range(300)]
    assert max(depths) == 3


def test_programs_run_in_the_sandbox_and_are_scored():
    """It is a proposer as any other, and has a name."""
    samples = [(i, i) for i in range(80)]
    result = llmerm.fit(samples, k=64, proposer=resolve("random_grammar").proposer)
    assert result.held_out_error == 0
    assert result.usage.calls == 0


def test_labels_without_an_expression_get_the_most_common_one():
    """There is nothing to draw, so each program is the constant."""
    train = Samples.of([(1, {"a": 1}), (2, {"a": 1}), (3, {"b": 2}), (4, {"c": 3})])
    assert {proposal.source for proposal in drawn(RandomGrammar(), train, 3)} == {
        "def f(x):\n    return {'a': 1}"
    }


@pytest.mark.parametrize("depth", [0, 1.5, True])
def test_a_depth_that_is_no_count_is_refused(depth):
    """The message has the value."""
    with pytest.raises(ArgumentError, match=f"`depth`.*{depth}"):
        RandomGrammar(depth=depth)
