"""A numeric program as a SymPy expression, and as LaTeX."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llmerm.extras import explained

if TYPE_CHECKING:
    from sympy import Basic

__all__ = ["expression", "latex"]


def expression(tree: ast.Module, entry: str) -> Basic:
    """What the function `entry` of a module computes, as one SymPy expression.

    Raises:
        MissingExtraError: if SymPy is not installed.
        FormulaError: if the program is no formula over numbers; it names the piece of code.

    >>> expression(ast.parse("def f(x): return x['a'] * 2 if x['a'] > 1 else 0"), "f")
    Piecewise((2*a, a > 1), (0, True))
    """
    with explained("a formula"):
        from llmerm.formula.reader import read
    return read(tree, entry)


def latex(formula: Basic) -> str:
    r"""An expression as LaTeX, the names of columns as text.

    >>> latex(expression(ast.parse("def f(x): return x['net price'] / 2"), "f"))
    '\\frac{\\text{net price}}{2}'
    """
    from sympy import Symbol, latex

    names = {symbol: shown(symbol.name) for symbol in formula.atoms(Symbol)}
    text: str = latex(formula, symbol_names=names)
    return text


_ESCAPES = {c: f"\\{c}" for c in "#$%&_{}"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def shown(name: str) -> str:
    r"""The name of an input as LaTeX.

    >>> shown("x"), shown("x_0"), shown("50%")
    ('x', 'x_{0}', '\\text{50\\%}')
    """
    head, _, index = name.partition("_")
    if len(head) == 1 and head.isalpha() and (index.isdigit() or name == head):
        return f"{head}_{{{index}}}" if index else head
    return rf"\text{{{''.join(_ESCAPES.get(c, c) for c in name if c.isprintable())}}}"
