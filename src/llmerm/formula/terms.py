"""What a program's expressions become: SymPy terms, fixed lists of them, the input itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TypeAlias

import sympy
from sympy.logic.boolalg import Boolean

from llmerm.errors import FormulaError


@dataclass(frozen=True)
class Input:
    """The program's argument: a number, or something with items that are numbers."""

    name: str
    used_as: set[str] = field(default_factory=set, compare=False)

    def item(self, place: int | str) -> sympy.Symbol:
        """The symbol of one item or column."""
        self._note("items" if isinstance(place, int) else "columns")
        name = f"{self.name}_{place}" if isinstance(place, int) else place
        return sympy.Symbol(name, real=True)

    def number(self) -> sympy.Symbol:
        """The symbol of the whole."""
        self._note("a number")
        return sympy.Symbol(self.name, real=True)

    def _note(self, use: str) -> None:
        self.used_as.add(use)
        if len(self.used_as) > 1:
            uses = " and as ".join(sorted(self.used_as))
            raise FormulaError(f"{self.name} is used as {uses}, so it is no formula over numbers.")


@dataclass(frozen=True)
class Fixed:
    """A list or tuple whose length is known."""

    items: tuple[Term, ...]


Term: TypeAlias = "sympy.Basic | Fixed | Input"


def is_truth(term: Term) -> bool:
    """Whether the term is a condition; a symbol could be one to SymPy, here it is a number."""
    return isinstance(term, Boolean) and not isinstance(term, sympy.Expr)


def as_number(term: Term, node: ast.AST) -> sympy.Expr:
    """The term as a number; a truth value counts as 1 or 0."""
    if isinstance(term, Input):
        return term.number()
    if is_truth(term):
        return sympy.Piecewise((1, term), (0, True))
    return _plain(term, node)


def as_truth(term: Term, node: ast.AST) -> sympy.Basic:
    """The term as a condition; a number holds where it is not 0."""
    if is_truth(term):
        return term
    return sympy.Ne(as_number(term, node), 0)


def choice(when: sympy.Basic, one: Term, other: Term, node: ast.AST) -> sympy.Basic:
    """The one where the condition holds, else the other."""
    if is_truth(one) and is_truth(other):
        return sympy.Or(sympy.And(when, one), sympy.And(sympy.Not(when), other))
    return sympy.Piecewise((as_number(one, node), when), (as_number(other, node), True))


def _plain(term: Term, node: ast.AST) -> sympy.Expr:
    if isinstance(term, sympy.Expr):
        return term
    raise FormulaError(
        f"`{ast.unparse(node)[:80]}` takes a list for a number, which is no formula."
    )


def refused(node: ast.AST) -> FormulaError:
    """The error for code that is no formula over numbers."""
    return FormulaError(
        f"`{ast.unparse(node)[:80]}` is no part of a formula over numbers. Read "
        "`program.source`, or put the program in words with `result.explain()`."
    )
