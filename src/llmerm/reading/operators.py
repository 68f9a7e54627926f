"""The words for Python's operators."""

from __future__ import annotations

import ast
from collections.abc import Mapping

BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "{} plus {}",
    ast.Sub: "{} minus {}",
    ast.Mult: "{} times {}",
    ast.Div: "{} divided by {}",
    ast.FloorDiv: "{} divided by {} and rounded down",
    ast.Mod: "the remainder of {} divided by {}",
    ast.Pow: "{} to the power of {}",
    ast.BitAnd: "{} and {} bit by bit",
    ast.BitOr: "{} or {} bit by bit",
    ast.BitXor: "{} or {} but not both, bit by bit",
    ast.LShift: "{} shifted left by {} bits",
    ast.RShift: "{} shifted right by {} bits",
    ast.MatMult: "the matrix product of {} and {}",
}

COMPARED: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "equals",
    ast.NotEq: "differs from",
    ast.Lt: "is less than",
    ast.LtE: "is at most",
    ast.Gt: "is more than",
    ast.GtE: "is at least",
    ast.Is: "is the same object as",
    ast.IsNot: "is another object than",
}

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
