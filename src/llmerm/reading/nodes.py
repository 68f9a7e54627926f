"""What can be told of an expression from its syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Collection

from llmerm.reading.phrases import TESTS

_SIMPLE = (ast.Constant, ast.Name, ast.Subscript, ast.Call, ast.Attribute, ast.List, ast.Set)


def simple(node: ast.expr) -> bool:
    """Whether its phrase needs no parentheses within another one.

    >>> simple(ast.parse("x", mode="eval").body), simple(ast.parse("x + 1", mode="eval").body)
    (True, False)
    """
    if isinstance(node, ast.Call):
        return len(node.args) <= 1 and not any(not simple(one) for one in node.args)
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and simple(node.value)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    return isinstance(node, _SIMPLE)


def is_rebound(tree: ast.Module, functions: Collection[str]) -> bool:
    """Whether a name of these functions may stand for something else when it is called.

    >>> is_rebound(ast.parse("def f(x): return x; f = abs"), ["f"])
    True
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if node.id in functions:
                return True
        elif isinstance(node, ast.alias) and (node.asname or node.name) in functions:
            return True
    return False


def is_condition(node: ast.expr) -> bool:
    """Whether the expression is True or False, whatever its parts are."""
    if isinstance(node, ast.Compare):
        return True
    if isinstance(node, ast.BoolOp):
        return all(map(is_condition, node.values))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Call) and (is_quantified(node) or is_test(node))


def is_quantified(node: ast.Call) -> bool:
    """Whether the call is `all` or `any` of something."""
    named = isinstance(node.func, ast.Name) and node.func.id in ("all", "any")
    return named and len(node.args) == 1 and not node.keywords


def is_test(node: ast.Call) -> bool:
    """Whether the call is a method that answers yes or no, and that there are words for."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in TESTS or node.keywords:
        return False
    plain = not any(isinstance(one, (ast.Tuple, ast.Starred)) for one in node.args)
    return plain and len(node.args) == TESTS[node.func.attr].count("{") - 1


def is_text(node: ast.expr) -> bool:
    """Whether it is text for sure."""
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return constant or isinstance(node, ast.JoinedStr)


def number(node: ast.expr | None) -> int | None:
    """The whole number that a literal is."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    plain = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if plain else None  # type: ignore[union-attr]


def parity(left: ast.expr, op: ast.cmpop, right: ast.expr) -> str | None:
    """Even or odd, where `left op right` asks for that of a number that is sure to be whole."""
    remainder = number(right)
    if not isinstance(left, ast.BinOp) or not isinstance(left.op, ast.Mod) or remainder is None:
        return None
    if number(left.right) != 2 or remainder not in (0, 1) or not is_whole(left.left):
        return None
    if not isinstance(op, (ast.Eq, ast.NotEq)):
        return None
    return "odd" if isinstance(op, ast.Eq) == (remainder == 1) else "even"


def is_whole(node: ast.expr) -> bool:
    """Whether the value is an integer whenever there is one."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
        return is_whole(node.left) and is_whole(node.right)
    if isinstance(node, ast.Constant):
        return number(node) is not None
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in ("len", "ord")
    return isinstance(node.func, ast.Attribute) and node.func.attr in ("count", "find", "index")
