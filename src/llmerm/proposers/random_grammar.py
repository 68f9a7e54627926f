"""The control beside every model: programs drawn at random from the same grammar."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from llmerm.errors import ArgumentError
from llmerm.proposers.base import Proposer
from llmerm.proposers.gbnf import answers
from llmerm.samples import Samples
from llmerm.search.emit import emit
from llmerm.search.expression import Expr
from llmerm.search.goal import Goal
from llmerm.search.grammar import Grammar
from llmerm.search.op import Op
from llmerm.typing import Proposal, Value
from llmerm.values import is_whole

CHEAP_BITS = 9.0
"""Constants of more bits are not drawn."""


@dataclass(frozen=True, kw_only=True)
class RandomGrammar(Proposer):
    """Proposes programs drawn from the embedded search's grammar, each production by its share.

    It sees the samples' types alone, so what a model finds more often than this is what the model
    knows. Draw d depends on the seed and d, not on how many are drawn.

    Attributes:
        depth: the most operators from the expression's root to a leaf.
        grammar: what programs are made of; None to choose by the inputs' type.

    >>> import llmerm
    >>> llmerm.fit([(i, i) for i in range(80)], k=64, proposer=RandomGrammar()).held_out_error
    0.0
    """

    depth: int = 5
    grammar: Grammar | None = None

    name: ClassVar[str] = "random_grammar"  # type: ignore[misc]  # fixed for this class

    def __post_init__(self) -> None:
        if not is_whole(self.depth, 1):
            raise ArgumentError(f"`depth` must be an integer of at least 1, got {self.depth!r}.")

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The depth, and the operators that were given."""
        ops: Value = None if self.grammar is None else [op.name for op in self.grammar.ops]
        return {"depth": self.depth, "grammar": ops}

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """`k` random programs; none without samples, which say what the inputs are."""
        if not len(train):
            return
        grammar, goal = self.grammar or Grammar.infer(train), Goal.of(train.outputs)
        chance = Chance(grammar, self.depth)
        ways = [op for op in answers(goal) if chance.can_draw(op.args[0])]
        for draw in range(k):
            rng = np.random.Generator(np.random.PCG64([seed, draw]))
            yield Proposal(draw, emit(_program(ways, chance, goal, rng)))
            await asyncio.sleep(0)


def _program(ways: list[Op], chance: Chance, goal: Goal, rng: np.random.Generator) -> Expr:
    """One way to return a label, each alike; a constant where the grammar has none."""
    if not ways:
        return goal.most_common()
    way = ways[int(rng.integers(len(ways)))]
    return Expr(way, (chance.draw(way.args[0], rng),))


class Chance:
    """Draws expressions of a grammar, each production with its probability.

    Args:
        grammar: the productions.
        depth: where it is reached, only the least deep productions are left to choose from.
    """

    def __init__(self, grammar: Grammar, depth: int) -> None:
        self._grammar = grammar
        self._depth = depth

    def can_draw(self, kind: str) -> bool:
        """Whether some expression of the type is within the depth."""
        return self._heights.get(kind, self._depth + 1) <= self._depth

    def draw(self, kind: str, rng: np.random.Generator) -> Expr:
        """A random expression of the type.

        >>> grammar = Grammar((Op("x", "int", (), "x"), Op("-", "int", ("int",), "-{0}")))
        >>> str(Chance(grammar, depth=1).draw("int", np.random.default_rng(0))) in ("x", "-x")
        True
        """
        return self._drawn(kind, self._depth, rng)

    def _drawn(self, kind: str, depth: int, rng: np.random.Generator) -> Expr:
        if kind in self._constants:
            values, shares = self._constants[kind]
            return self._grammar.literal(kind, values[int(rng.choice(len(values), p=shares))])
        ops = [op for op in self._by_type[kind] if self._height(op) <= depth]
        op = ops[int(rng.choice(len(ops), p=_shares([self._grammar.cost(o) for o in ops])))]
        return Expr(op, tuple(self._drawn(arg, depth - 1, rng) for arg in op.args))

    @cached_property
    def _by_type(self) -> dict[str, list[Op]]:
        ops = [op for op in self._grammar.ops if self._height(op) <= self._depth]
        return {kind: [op for op in ops if op.ret == kind] for kind in self._grammar.types}

    @cached_property
    def _constants(self) -> dict[str, tuple[list[Any], list[float]]]:
        """By type, the cheap constants and their shares."""
        found = {}
        for kind, family in self._grammar.literals.items():
            if values := list(family.values(CHEAP_BITS)):
                found[kind] = values, _shares([family.bits(value) for value in values])
        return found

    @cached_property
    def _heights(self) -> dict[str, int]:
        """By type, the depth of its least deep expressions."""
        heights = dict.fromkeys(self._constants, 0)
        while True:
            better = {
                op.ret: height
                for op in sorted(self._grammar.ops, key=lambda o: -_height(o, heights))
                if (height := _height(op, heights)) < heights.get(op.ret, _ENDLESS)
            }
            if not better:
                return heights
            heights |= better

    def _height(self, op: Op) -> int:
        return _height(op, self._heights)


_ENDLESS = 1 << 30


def _height(op: Op, heights: Mapping[str, int]) -> int:
    return 1 + max((heights.get(arg, _ENDLESS) for arg in op.args), default=-1)


def _shares(bits: list[float]) -> list[float]:
    weights = [2.0**-b for b in bits]
    return [weight / sum(weights) for weight in weights]
