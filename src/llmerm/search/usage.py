"""Which operators of a grammar occur in Python sources, right or wrong: a prior for a search."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from llmerm.search.expression import fill
from llmerm.search.grammar import Grammar

MOST_CHARACTERS = 100_000
BARE = ("x", "{0}")
"""Sources without a shape of their own."""


def operator_counts(grammar: Grammar, sources: Iterable[str]) -> Counter[str]:
    """In how many of the sources each operator's form occurs, by the operator's name.

    A form occurs where a part of the source has the template's shape; the operator's arguments,
    and the constants and names in the source, may be anything. Sources that are no Python count
    for nothing.

    >>> from llmerm.search.op import Op
    >>> ops = (Op("x", "str", (), "x"), Op("reverse", "str", ("str",), "{0}[::-1]"))
    >>> operator_counts(Grammar(ops), ["def f(s): return s[::-1] + 'a'", "no Python"])["reverse"]
    1
    """
    shapes = {
        op.name: _template(op.source, len(op.args)) for op in grammar.ops if op.source not in BARE
    }
    counts: Counter[str] = Counter()
    for source in sources:
        nodes = list(_nodes(source))
        counts.update(n for n, t in shapes.items() if any(_matches(t, node) for node in nodes))
    return counts


def _template(source: str, arguments: int) -> ast.AST:
    holes = [f"_hole{i}" for i in range(arguments)]
    return ast.parse(fill(source, holes), mode="eval").body


def _nodes(source: str) -> Iterator[ast.AST]:
    if len(source) <= MOST_CHARACTERS:
        try:
            yield from ast.walk(ast.parse(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return  # what a model wrote need not be Python


def _matches(template: ast.AST, node: ast.AST) -> bool:
    """True if the node is the template with its holes filled; bound names may differ."""
    if isinstance(template, ast.Name):
        hole = template.id.startswith("_hole") and not isinstance(node, ast.Slice)
        known = isinstance(node, ast.Name) and (node.id == template.id or len(template.id) == 1)
        return hole or known
    if type(template) is not type(node):
        return False
    return all(
        _same(getattr(template, field), getattr(node, field, None)) for field in template._fields
    )


def _same(template: object, node: object) -> bool:
    if isinstance(template, (ast.Load, ast.Store)):
        return True
    if isinstance(template, ast.AST):
        return isinstance(node, ast.AST) and _matches(template, node)
    if isinstance(template, list):
        return isinstance(node, list) and _all_same(template, node)
    return type(template) is type(node) and template == node  # True is not 1


def _all_same(templates: list[object], nodes: list[object]) -> bool:
    return len(templates) == len(nodes) and all(map(_same, templates, nodes))
