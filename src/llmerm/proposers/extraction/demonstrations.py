"""Code without what only shows or tests it."""

from __future__ import annotations

import ast
import builtins

from llmerm.proposers.extraction.bindings import anywhere


def without_demonstrations(source: str, tree: ast.Module, name: str) -> str:
    r"""The source without top-level statements that only show or test what it does.

    These are calls of `print`, `main` and tests, expressions and assertions that call nothing but
    the function and builtins, and a part that runs as `__main__`. One that shares its line stays.

    Args:
        source: the code.
        tree: its syntax tree.
        name: the function; empty where there is none.

    >>> text = "def f(x): return 1\nprint(f(2))\n"
    >>> without_demonstrations(text, ast.parse(text), "f")
    'def f(x): return 1\n'
    """
    if any(isinstance(node, ast.Global) for node in ast.walk(tree)):
        return source  # what looks like a demonstration may set up what f needs
    return _without([node for node in tree.body if _demonstrates(node, name)], source, tree)


def without_strange_calls(source: str, tree: ast.Module) -> str:
    """The source without top-level calls of functions that it has not: they could only raise."""
    known = anywhere(tree) | set(dir(builtins))
    strange = [node for node in tree.body if _calls_other_than(known, node)]
    return source if "*" in known else _without(strange, source, tree)


def _calls_other_than(known: set[str], node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name not in known
    return False


def _without(statements: list[ast.stmt], source: str, tree: ast.Module) -> str:
    """The source without these statements, unless one of them shares a line with another."""
    lines, unwanted = source.split("\n"), set(statements)
    kept = {line for node in tree.body if node not in unwanted for line in _lines(node)}
    dropped = {line for node in unwanted for line in _lines(node)}
    if not dropped or dropped & kept:
        return source
    return "\n".join(line for i, line in enumerate(lines, 1) if i not in dropped)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _demonstrates(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Expr(value=ast.Constant() | ast.Lambda()):
            return False  # a docstring, or the program itself
        case ast.Expr(value=ast.Call(func=ast.Name(id=called))):
            only_shows = called in ("print", "main") or called.startswith("test")
            return only_shows or _has_no_effect(node, name)
        case ast.Expr() | ast.Assert():
            return _has_no_effect(node, name)
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]), orelse=[]):
            return True
    return isinstance(node, ast.Return)


def _has_no_effect(node: ast.stmt, name: str) -> bool:
    """Whether the statement binds nothing, and calls nothing but the function and builtins."""
    for part in ast.walk(node):
        if isinstance(part, ast.NamedExpr):
            return False
        if isinstance(part, ast.Call):
            called = part.func.id if isinstance(part.func, ast.Name) else ""
            if called != name and called not in _HARMLESS:
                return False
    return True


_HARMLESS = set(dir(builtins)) - {
    *("__import__", "delattr", "eval", "exec", "globals", "locals", "next", "setattr", "vars"),
}
