"""How tightly Python's expressions bind: which may stand where without parentheses."""

from __future__ import annotations

import ast
from functools import cache

from llmerm.search.expression import fill

_EXAMPLES = (
    "a if b else c",
    "a or b",
    "a and b",
    "not a",
    "a < b",
    "a | b",
    "a ^ b",
    "a & b",
    "a << b",
    "a + b",
    "a * b",
    "-a",
    "a ** b",
    "a",
)
"""One expression of each level, the loosest first (Python's reference, operator precedence)."""

LOOSEST, TIGHTEST = 0, len(_EXAMPLES) - 1


def level(template: str, arguments: int) -> int:
    """How tightly a template binds once it is filled, from `LOOSEST` to `TIGHTEST`.

    >>> level("{0} + {1}", 2) < level("{0} * {1}", 2) < level("len({0})", 1) == TIGHTEST
    True
    """
    return _rank(_tree(fill(template, _names(arguments))))


@cache
def need(template: str, arguments: int, place: int) -> int:
    """The level from which on an argument may stand at `place` without parentheses.

    >>> need("len({0})", 1, 0) == LOOSEST, need("{0}[0]", 1, 0) == TIGHTEST
    (True, True)
    """
    bare = [_stands_bare(template, arguments, place, text) for text in _EXAMPLES]
    return next(rank for rank in range(len(bare)) if all(bare[rank:]))


def _stands_bare(template: str, arguments: int, place: int, text: str) -> bool:
    bare, safe = _names(arguments), _names(arguments)
    bare[place], safe[place] = text, f"({text})"
    try:
        return ast.dump(_tree(fill(template, bare))) == ast.dump(_tree(fill(template, safe)))
    except SyntaxError:
        return False


def _names(count: int) -> list[str]:
    return [f"a{place}" for place in range(count)]


def _tree(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def _kind(node: ast.expr) -> type[object]:
    """What decides how it binds: its operator, or what it is."""
    return type(getattr(node, "op", node))


_ALIKE: dict[type[object], type[object]] = {
    ast.RShift: ast.LShift,
    ast.Sub: ast.Add,
    **dict.fromkeys((ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult), ast.Mult),
    **dict.fromkeys((ast.UAdd, ast.Invert), ast.USub),
    ast.Lambda: ast.IfExp,
}
"""Kinds of expressions that bind as tightly as the one that stands for their level."""

_RANKS = {_kind(_tree(text)): rank for rank, text in enumerate(_EXAMPLES)}


def _rank(node: ast.expr) -> int:
    kind = _kind(node)
    return _RANKS.get(_ALIKE.get(kind, kind), TIGHTEST)
