"""Expressions on symbols: each becomes a SymPy term, or is refused."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import sympy

from llmerm.formula.functions import ALGEBRA, COMPARED, CONSTANTS, MATH, truncated
from llmerm.formula.terms import Fixed, Input, Term, as_number, as_truth, choice, refused

LONGEST = 2_000
"""A `range` of more numbers is refused as too long for a formula."""
FAR = 10**6
"""And so is one that begins or ends beyond this."""

Call: TypeAlias = Callable[[ast.FunctionDef, Sequence[Term]], Term]


@dataclass(frozen=True)
class Expressions:
    """Evaluates the expressions of one module.

    Attributes:
        functions: the module's own, by name.
        imported: modules, and what is taken out of `math`, by the names they have here.
        call: evaluates one of the functions.
    """

    functions: Mapping[str, ast.FunctionDef]
    imported: Mapping[str, str]
    call: Call

    def bind(self, target: ast.expr, value: Term, known: dict[str, Term]) -> None:
        """Gives the value its name, or its items their names."""
        if isinstance(target, ast.Name):
            known[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, Input):
                value = Fixed(tuple(value.item(place) for place in range(len(target.elts))))
            if not isinstance(value, Fixed) or len(value.items) != len(target.elts):
                raise refused(target)
            for part, item in zip(target.elts, value.items, strict=True):
                self.bind(part, item, known)
        else:
            raise refused(target)

    def value(self, node: ast.expr, known: Mapping[str, Term]) -> Term:
        """What an expression is."""
        read = getattr(self, f"_{type(node).__name__.lower()}", None)
        if read is None:
            raise refused(node)
        found: Term = read(node, known)
        return found

    def items(self, node: ast.expr, known: Mapping[str, Term]) -> tuple[Term, ...]:
        """The items of something whose length is known."""
        found = self.value(node, known)
        if not isinstance(found, Fixed):
            raise refused(node)
        return found.items

    def _number(self, node: ast.expr, known: Mapping[str, Term]) -> sympy.Expr:
        return as_number(self.value(node, known), node)

    def _truth(self, node: ast.expr, known: Mapping[str, Term]) -> sympy.Basic:
        return as_truth(self.value(node, known), node)

    def _constant(self, node: ast.Constant, known: Mapping[str, Term]) -> Term:
        if isinstance(node.value, bool):
            return sympy.true if node.value else sympy.false
        if isinstance(node.value, int | float):
            return sympy.sympify(node.value)
        raise refused(node)

    def _name(self, node: ast.Name, known: Mapping[str, Term]) -> Term:
        if node.id in known:
            return known[node.id]
        if self.imported.get(node.id) in CONSTANTS:
            return CONSTANTS[self.imported[node.id]]
        raise refused(node)

    def _attribute(self, node: ast.Attribute, known: Mapping[str, Term]) -> Term:
        if self._of_math(node) and node.attr in CONSTANTS:
            return CONSTANTS[node.attr]
        raise refused(node)

    def _of_math(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and self.imported.get(node.value.id) == "math"

    def _tuple(self, node: ast.Tuple | ast.List, known: Mapping[str, Term]) -> Term:
        return Fixed(tuple(self.value(item, known) for item in node.elts))

    _list = _tuple

    def _binop(self, node: ast.BinOp, known: Mapping[str, Term]) -> Term:
        combine = ALGEBRA.get(type(node.op))
        if combine is None:
            raise refused(node)
        return combine(self._number(node.left, known), self._number(node.right, known))

    def _unaryop(self, node: ast.UnaryOp, known: Mapping[str, Term]) -> Term:
        if isinstance(node.op, ast.Not):
            return sympy.Not(self._truth(node.operand, known))
        if isinstance(node.op, ast.Invert):
            raise refused(node)
        number = self._number(node.operand, known)
        return -number if isinstance(node.op, ast.USub) else number

    def _boolop(self, node: ast.BoolOp, known: Mapping[str, Term]) -> Term:
        """Python gives one of the operands: the first that settles it."""
        found = self.value(node.values[-1], known)
        for part in reversed(node.values[:-1]):
            first = self.value(part, known)
            when = as_truth(first, part)
            both = (found, first) if isinstance(node.op, ast.And) else (first, found)
            found = choice(when, *both, part)
        return found

    def _compare(self, node: ast.Compare, known: Mapping[str, Term]) -> Term:
        left, told = self.value(node.left, known), []
        for op, right in zip(node.ops, node.comparators, strict=True):
            other = self.value(right, known)
            told.append(self._compared(left, op, other, node))
            left = other
        return sympy.And(*told)

    def _compared(self, left: Term, op: ast.cmpop, right: Term, node: ast.Compare) -> Term:
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right, Fixed):
            same = (sympy.Eq(as_number(left, node), as_number(one, node)) for one in right.items)
            inside = sympy.Or(*same)
            return inside if isinstance(op, ast.In) else sympy.Not(inside)
        compare = COMPARED.get(type(op))
        if compare is None:
            raise refused(node)
        return compare(as_number(left, node), as_number(right, node))

    def _ifexp(self, node: ast.IfExp, known: Mapping[str, Term]) -> Term:
        when = self._truth(node.test, known)
        return choice(when, self.value(node.body, known), self.value(node.orelse, known), node)

    def _subscript(self, node: ast.Subscript, known: Mapping[str, Term]) -> Term:
        whole = self.value(node.value, known)
        place = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(whole, Input) and isinstance(place, int | str) and place is not True:
            return whole.item(place)
        if isinstance(whole, Fixed) and type(place) is int and place < len(whole.items):
            return whole.items[place]
        raise refused(node)

    def _generatorexp(
        self, node: ast.GeneratorExp | ast.ListComp, known: Mapping[str, Term]
    ) -> Term:
        if any(loop.ifs for loop in node.generators):
            raise refused(node)
        found = []
        turns = [self.items(loop.iter, known) for loop in node.generators]
        for items in product(*turns):
            here = dict(known)
            for loop, item in zip(node.generators, items, strict=True):
                self.bind(loop.target, item, here)
            found.append(self.value(node.elt, here))
        return Fixed(tuple(found))

    _listcomp = _generatorexp

    def _call(self, node: ast.Call, known: Mapping[str, Term]) -> Term:
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            raise refused(node)
        if isinstance(node.func, ast.Attribute) and self._of_math(node.func):
            return self._math(node, node.func.attr, known)
        if not isinstance(node.func, ast.Name) or node.func.id in known:
            raise refused(node)
        name = node.func.id
        if name in self.functions:
            return self.call(self.functions[name], [self.value(one, known) for one in node.args])
        if name in self.imported:
            return self._math(node, self.imported[name], known)
        return self._builtin(node, name, known)

    def _math(self, node: ast.Call, name: str, known: Mapping[str, Term]) -> Term:
        function = MATH.get((name, len(node.args)))
        if function is None:
            raise refused(node)
        return function(*(self._number(one, known) for one in node.args))

    def _builtin(self, node: ast.Call, name: str, known: Mapping[str, Term]) -> Term:
        if name in ("abs", "pow", "float", "int") and node.args:
            return self._converted(node, name, known)
        if name == "bool" and len(node.args) == 1:
            return self._truth(node.args[0], known)
        if name == "range":
            return self._range(node, known)
        if name not in ("sum", "min", "max", "any", "all", "len"):
            raise refused(node)
        return self._gathered(node, name, known)

    def _converted(self, node: ast.Call, name: str, known: Mapping[str, Term]) -> Term:
        numbers = [self._number(one, known) for one in node.args]
        if name == "pow" and len(numbers) == 2:
            return MATH["pow", 2](*numbers)
        if len(numbers) != 1 or name == "pow":
            raise refused(node)
        return {"abs": sympy.Abs, "float": lambda n: n, "int": truncated}[name](numbers[0])

    def _range(self, node: ast.Call, known: Mapping[str, Term]) -> Term:
        bounds = [self._number(one, known) for one in node.args]
        if not bounds or not all(bound.is_Integer and abs(bound) < FAR for bound in bounds):
            raise refused(node)
        numbers = range(*map(int, bounds)) if sympy.Integer(0) not in bounds[2:] else ()
        if not 0 < len(numbers) <= LONGEST:
            raise refused(node)
        return Fixed(tuple(map(sympy.Integer, numbers)))

    def _gathered(self, node: ast.Call, name: str, known: Mapping[str, Term]) -> Term:
        """A function of several values: those of a fixed list, or its arguments."""
        if len(node.args) == 1:
            found = self.items(node.args[0], known)
        elif name in ("min", "max"):
            found = tuple(self.value(one, known) for one in node.args)
        else:
            raise refused(node)
        if name in ("any", "all"):
            combine = sympy.Or if name == "any" else sympy.And
            return combine(*(as_truth(one, node) for one in found))
        if name == "len":
            return sympy.Integer(len(found))
        numbers = [as_number(one, node) for one in found]
        if name != "sum" and not numbers:
            raise refused(node)
        return {"sum": lambda *n: sympy.Add(*n), "min": sympy.Min, "max": sympy.Max}[name](*numbers)
