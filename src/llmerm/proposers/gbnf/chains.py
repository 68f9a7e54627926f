"""What may follow what in an expression that is written from left to right.

`x.count('1') % 2` is written as a start, `x`, and two steps: `.count('1')` takes what has been
written, a string, and makes a number of it; `% 2` takes that. So no rule begins with itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from llmerm.proposers.gbnf.plain import pieces
from llmerm.proposers.gbnf.precedence import LOOSEST, TIGHTEST, level, need
from llmerm.search.grammar import Grammar
from llmerm.search.literals import Decimals
from llmerm.search.op import Op

BARE = "{0}"
"""The source of an operator that only changes the type."""

_NEGATIVE = level("-{0}", 1)


class State(NamedTuple):
    """What has been written: an expression of type `kind` that binds as tightly as `rank`."""

    kind: str
    rank: int


class Chains:
    """The starts and steps of a grammar in which every argument stands once (see `plain`).

    Args:
        grammar: the operators.
        answers: operators around the whole expression.
    """

    def __init__(self, grammar: Grammar, answers: tuple[Op, ...]) -> None:
        self._grammar = grammar
        self._answers = answers

    @cached_property
    def starts(self) -> dict[State, list[Op]]:
        """What an expression can begin with, by the state that it leads to."""
        found: dict[State, list[Op]] = defaultdict(list)
        for op in self._grammar.ops:
            if self._begins(op):
                found[self._after(op, None)].append(op)
        return dict(found)

    @cached_property
    def steps(self) -> dict[State, dict[State, list[Op]]]:
        """What can follow a state, by the state that it leads to."""
        found: dict[State, dict[State, list[Op]]] = {state: defaultdict(list) for state in self.all}
        for state in self.all:
            for op in self._grammar.ops:
                if self._continues(op, state):
                    found[state][self._after(op, state)].append(op)
        return found

    @cached_property
    def all(self) -> frozenset[State]:
        """All states; each type has one for what stands in parentheses."""
        states: set[State] = set()
        while True:
            more = {after for op in self._grammar.ops for after in self._results(op, states)}
            more |= {self._merged(state.kind, TIGHTEST) for state in states}
            if more <= states:
                return frozenset(states)
            states |= more

    def wrapped(self) -> Iterator[State]:
        """The states of parentheses around an expression that needs them in some place."""
        for kind in sorted({state.kind for state in self.all}):
            ranks = {state.rank for state in self.all if state.kind == kind}
            if len(ranks) > 1:
                yield State(kind, max(ranks))

    def least(self, kind: str, rank: int) -> int:
        """The least rank of at least `rank` that an expression of the type has."""
        return min(state.rank for state in self.all if state.kind == kind and state.rank >= rank)

    @cached_property
    def within_reach(self) -> dict[State, frozenset[State]]:
        """The states that steps lead to from a state, itself included."""
        return {state: frozenset(self._reached(state)) for state in self.all}

    def constant_rank(self, kind: str) -> int:
        """How tightly a constant binds; one that may be negative, less."""
        family = self._grammar.literals[kind]
        return _NEGATIVE if isinstance(family, Decimals) and family.signed else TIGHTEST

    def _reached(self, state: State) -> set[State]:
        reached, new = {state}, [state]
        while new:
            for after in self.steps[new.pop()]:
                if after not in reached:
                    reached.add(after)
                    new.append(after)
        return reached

    @cached_property
    def _needs(self) -> dict[str, set[int]]:
        """By type, the ranks that places ask for."""
        needs: dict[str, set[int]] = defaultdict(lambda: {LOOSEST})
        for op in (*self._grammar.ops, *self._answers):
            for place, kind in enumerate(op.args):
                needs[kind].add(need(op.source, len(op.args), place))
        return needs

    def _merged(self, kind: str, rank: int) -> State:
        """The state; ranks between which no place can tell are one."""
        return State(kind, max(low for low in self._needs[kind] if low <= rank))

    def _begins(self, op: Op) -> bool:
        """Whether the operator begins with a text or a constant, and not with an expression."""
        first = pieces(op)[0]
        return isinstance(first, str) or op.args[first] in self._grammar.literals

    def _continues(self, op: Op, state: State) -> bool:
        first = pieces(op)[0]
        if isinstance(first, str) or op.args[first] != state.kind:
            return False
        idle = op.source == BARE and op.ret == state.kind
        return not idle and need(op.source, len(op.args), first) <= state.rank

    def _results(self, op: Op, states: Iterable[State]) -> Iterator[State]:
        if self._begins(op):
            yield self._after(op, None)
        yield from (self._after(op, state) for state in states if self._continues(op, state))

    def _after(self, op: Op, state: State | None) -> State:
        """The state once the operator is written; a bare one keeps its argument's rank."""
        if op.source != BARE:
            return self._merged(op.ret, level(op.source, len(op.args)))
        return self._merged(op.ret, state.rank if state else self.constant_rank(op.args[0]))
