"""Writes the rules: one for each way from what has been written to what is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from llmerm.errors import ArgumentError
from llmerm.proposers.gbnf.chains import Chains, State
from llmerm.proposers.gbnf.constants import form, quoted
from llmerm.proposers.gbnf.plain import pieces, plain
from llmerm.proposers.gbnf.precedence import TIGHTEST, need
from llmerm.search.grammar import Grammar
from llmerm.search.op import Op


def gbnf(
    grammar: Grammar,
    answers: Iterable[Op],
    *,
    before: str = "def f(x):\n    return ",
    after: str = "\n",
) -> str:
    r"""A grammar whose every text is a program, one expression of the search's grammar, in GBNF.

    It has no left recursion, which llama.cpp refuses (see `chains`). Parentheses stand where
    Python needs them; elsewhere they may stand around an operator, but never twice, and never
    around a name.

    Args:
        grammar: whose operators and constants the expression is made of.
        answers: what a program may return, each an operator with one argument, such as
            `Op("answer", "label", ("int",), "{0}")`.
        before: the text in front of the expression.
        after: the text behind it. A model ends a line more readily than its reply.

    Raises:
        ArgumentError: if the grammar has no expression of a type that an answer takes.

    >>> grammar = Grammar((Op("x", "int", (), "x"), Op("+", "int", ("int", "int"), "{0} + {1}")))
    >>> gbnf(grammar, [Op("answer", "label", ("int",), "{0}")]).splitlines()[0]
    'root ::= "def f(x):\\n    return " (int-9-14) "\\n"'
    """
    sayable, asked = plain(grammar), tuple(answers)
    possible = tuple(op for op in asked if op.args[0] in sayable.types)
    if not possible:
        raise ArgumentError(
            f"the grammar has no expression of the types {sorted({op.args[0] for op in asked})} "
            f"that the answers take. It has {', '.join(sorted(sayable.types)) or 'none'}."
        )
    writer = _Writer(sayable, Chains(sayable, possible))
    roots = " | ".join(writer.text(op, pieces(op)) for op in possible)
    rules = {"root": f"{quoted(before)} ({roots}) {quoted(after)}", **writer.finished()}
    return "".join(f"{name} ::= {body}\n" for name, body in rules.items())


class _Goal(NamedTuple):
    """What is to be written: an expression of a type, with a rank from `low` to below `high`."""

    kind: str
    low: int
    high: int = TIGHTEST + 1

    def accepts(self, state: State) -> bool:
        return state.kind == self.kind and self.low <= state.rank < self.high


class _Writer:
    """The rules that were asked for, each written once."""

    def __init__(self, grammar: Grammar, chains: Chains) -> None:
        self._grammar = grammar
        self._chains = chains
        self._rules: dict[str, str] = {}
        self._waiting: list[tuple[str, Callable[[], str]]] = []
        self._numbers = {op.name: number for number, op in enumerate(grammar.ops)}

    def finished(self) -> dict[str, str]:
        """All rules that those asked for rely on."""
        while self._waiting:
            name, write = self._waiting.pop()
            self._rules[name] = write()
        return self._rules

    def text(self, op: Op, parts: Iterable[str | int]) -> str:
        """Some pieces of an operator, side by side."""
        return " ".join(
            quoted(part) if isinstance(part, str) else self._argument(op, part) for part in parts
        )

    def _rule(self, name: str, write: Callable[[], str]) -> str:
        name = re.sub("[^a-zA-Z0-9]", "-", name)
        if name not in self._rules:
            self._rules[name] = ""
            self._waiting.append((name, write))
        return name

    def _argument(self, op: Op, place: int) -> str:
        kind, rank = op.args[place], need(op.source, len(op.args), place)
        if kind not in self._grammar.literals:
            return self._expression(_Goal(kind, self._chains.least(kind, rank)))
        name = self._rule(kind, lambda: form(self._grammar.literals[kind]) or "")
        return name if self._chains.constant_rank(kind) >= rank else f'"(" {name} ")"'

    def _expression(self, goal: _Goal) -> str:
        return self._rule("-".join(map(str, goal)), partial(self._started, goal))

    def _started(self, goal: _Goal) -> str:
        """Each start from which the goal can be reached, and the rest of the way."""
        states = {*self._chains.starts, *self._chains.wrapped()}
        return " | ".join(
            f"{self._start(state)} {self._rest(state, goal)}"
            for state in sorted(states)
            if self._leads(state, goal)
        )

    def _start(self, state: State) -> str:
        return self._rule(f"start {state.kind} {state.rank}", partial(self._starts, state))

    def _starts(self, state: State) -> str:
        found = [self.text(op, pieces(op)) for op in self._chains.starts.get(state, [])]
        if state in self._chains.wrapped():
            found.append(f'"(" {self._expression(_Goal(state.kind, 0, state.rank))} ")"')
        return " | ".join(found)

    def _rest(self, state: State, goal: _Goal) -> str:
        name = f"{state.kind} {state.rank} to {' '.join(map(str, goal))}"
        return self._rule(name, partial(self._rests, state, goal))

    def _rests(self, state: State, goal: _Goal) -> str:
        ways = [
            f"{self._step(state, after)} {self._rest(after, goal)}"
            for after in sorted(self._chains.steps[state])
            if self._leads(after, goal)
        ]
        return " | ".join(['""'] * goal.accepts(state) + ways)

    def _step(self, state: State, after: State) -> str:
        ops = self._chains.steps[state][after]
        write = partial(" | ".join, [self._after_first(op) for op in ops])
        return self._rule(f"step {state.kind} {state.rank} {after.kind} {after.rank}", write)

    def _after_first(self, op: Op) -> str:
        """A rule for what follows the operator's first argument."""
        write = partial(self.text, op, pieces(op)[1:])
        return self._rule(f"op {self._numbers[op.name]}", lambda: write() or '""')

    def _leads(self, state: State, goal: _Goal) -> bool:
        return any(map(goal.accepts, self._chains.within_reach[state]))
