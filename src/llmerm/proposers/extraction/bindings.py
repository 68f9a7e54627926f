"""The names that a piece of code binds, and those it takes from elsewhere."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def at_the_top(tree: ast.Module) -> set[str]:
    r"""The names that the module itself binds.

    >>> sorted(at_the_top(ast.parse("import a.b\nc = 1\ndef d(): e = 2")))
    ['a', 'c', 'd']
    """
    return {name for statement in tree.body for name in _bound_by(statement)}


def missing(tree: ast.Module) -> set[str]:
    r"""The names that are used and bound nowhere in the module, builtins left out.

    What only a bare expression at the top uses does not count: it may be a demonstration.

    >>> missing(ast.parse("def f(x): return g(len(x))\nshow(f)"))
    {'g'}
    """
    used = {
        node.id
        for statement in tree.body
        if not _is_bare(statement)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return used - anywhere(tree) - set(dir(builtins)) - {"__name__", "__file__", "__doc__"}


def _is_bare(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Lambda)
    return isinstance(statement, ast.Assert)


def anywhere(tree: ast.Module) -> set[str]:
    """The names that are bound in any scope of the module."""
    return {name for node in ast.walk(tree) for name in _bound_at(node)}


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, _DEFINITIONS):
        yield statement.name
        return
    for node in ast.walk(statement):
        yield from _bound_at(node)


def _bound_at(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield (other or name).partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
