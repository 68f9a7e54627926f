"""Python's operators and functions of numbers, as SymPy has them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import sympy

from llmerm.errors import FormulaError

Function = Callable[..., Any]

MOST_BITS = 100_000
"""A power of two numbers that is longer than this is refused rather than computed."""


def power(base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
    """The power, unless it is a number of absurd length.

    >>> power(sympy.Symbol("x"), sympy.Integer(2))
    x**2
    """
    whole = base.is_Integer and exponent.is_Integer
    if whole and int(base).bit_length() * abs(int(exponent)) > MOST_BITS:
        raise FormulaError(f"a number of more than {MOST_BITS:,} bits is no part of a formula.")
    return base**exponent


ALGEBRA: Mapping[type[ast.operator], Function] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: sympy.floor(a / b),
    ast.Mod: sympy.Mod,  # the sign of the divisor, as in Python
    ast.Pow: power,
}

COMPARED: Mapping[type[ast.cmpop], Function] = {
    ast.Eq: sympy.Eq,
    ast.NotEq: sympy.Ne,
    ast.Lt: sympy.Lt,
    ast.LtE: sympy.Le,
    ast.Gt: sympy.Gt,
    ast.GtE: sympy.Ge,
}

CONSTANTS: Mapping[str, sympy.Expr] = {"pi": sympy.pi, "e": sympy.E, "tau": 2 * sympy.pi}

MATH: Mapping[tuple[str, int], Function] = {
    ("sqrt", 1): sympy.sqrt,
    ("exp", 1): sympy.exp,
    ("log", 1): sympy.log,
    ("log", 2): sympy.log,
    ("log2", 1): lambda a: sympy.log(a, 2),
    ("log10", 1): lambda a: sympy.log(a, 10),
    ("sin", 1): sympy.sin,
    ("cos", 1): sympy.cos,
    ("tan", 1): sympy.tan,
    ("asin", 1): sympy.asin,
    ("acos", 1): sympy.acos,
    ("atan", 1): sympy.atan,
    ("atan2", 2): sympy.atan2,
    ("sinh", 1): sympy.sinh,
    ("cosh", 1): sympy.cosh,
    ("tanh", 1): sympy.tanh,
    ("floor", 1): sympy.floor,
    ("ceil", 1): sympy.ceiling,
    ("fabs", 1): sympy.Abs,
    ("pow", 2): power,
    ("hypot", 2): lambda a, b: sympy.sqrt(a**2 + b**2),
}


def truncated(number: sympy.Expr) -> sympy.Expr:
    """The number without its decimals, towards 0."""
    down = (sympy.floor(number), number >= 0)
    return sympy.Piecewise(down, (sympy.ceiling(number), True))
