"""The grammar's operators as productions of a context-free grammar: each argument stands once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from llmerm.proposers.gbnf.constants import CHEAP_BITS, form
from llmerm.proposers.gbnf.precedence import level, need
from llmerm.search.expression import fill
from llmerm.search.grammar import Grammar
from llmerm.search.op import Op

MOST_COPIES = 16
"""An operator that writes an argument twice becomes at most this many operators without it."""


def plain(grammar: Grammar) -> Grammar:
    """The grammar without what no context-free grammar can say, such as `{0}[:len({0}) // 2]`.

    That both places hold the same text cannot be said; so there the argument is one of the
    inputs, or a cheap constant. Operators on constants without a `form` are left out.

    >>> x = Op("x", "str", (), "x")
    >>> half = Op("half", "str", ("str",), "{0}[:len({0}) // 2]")
    >>> plain(Grammar((x, half))).ops[1].source
    'x[:len(x) // 2]'
    """
    literals = {kind: family for kind, family in grammar.literals.items() if form(family)}
    ops = tuple(new for op in grammar.ops for new in _copies(op, grammar))
    return replace(grammar, ops=ops, literals=literals)


def _copies(op: Op, grammar: Grammar) -> Iterator[Op]:
    twice = [i for i in range(len(op.args)) if op.source.count(f"{{{i}}}") > 1]
    choices = product(*(_texts(op.args[place], grammar) for place in twice))
    for number, texts in enumerate(choices):
        if number < MOST_COPIES:
            name = f"{op.name}, {number}" if twice else op.name
            yield _filled(op, dict(zip(twice, texts, strict=True)), name)


def _texts(kind: str, grammar: Grammar) -> list[str]:
    """What may stand for an argument that is written twice."""
    if kind in grammar.literals:
        family = grammar.literals[kind]
        return [family.source(value) for value in family.values(CHEAP_BITS)]
    return [op.source for op in grammar.ops if op.ret == kind and not op.args]


def _filled(op: Op, fixed: dict[int, str], name: str) -> Op:
    """The operator with some arguments in place, the others numbered anew."""
    rest = [place for place in range(len(op.args)) if place not in fixed]
    parts = [f"{{{rest.index(i)}}}" if i in rest else _safe(op, i, fixed[i]) for i in _places(op)]
    args = tuple(op.args[place] for place in rest)
    return replace(op, name=name, args=args, source=fill(op.source, parts), commutes=False)


def _safe(op: Op, place: int, text: str) -> str:
    bare = level(text, 0) >= need(op.source, len(op.args), place)
    return text if bare else f"({text})"


def _places(op: Op) -> range:
    return range(len(op.args))


def pieces(op: Op) -> list[str | int]:
    """The operator's source as texts and the places of its arguments, in their order.

    >>> pieces(Op("+", "int", ("int", "int"), "{0} + {1}"))
    [0, ' + ', 1]
    """
    parts = re.split(r"\{(\d)\}", op.source)
    return [int(part) if odd else part for part, odd in _numbered(parts) if part]


def _numbered(parts: list[str]) -> Iterator[tuple[str, bool]]:
    return ((part, place % 2 == 1) for place, part in enumerate(parts))
