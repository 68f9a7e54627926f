"""Expressions in words. A phrase is put together from the phrases of a node's parts alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from llmerm.reading.nodes import (
    is_condition,
    is_quantified,
    is_test,
    is_text,
    is_whole,
    number,
    parity,
    simple,
)
from llmerm.reading.phrases import BINARY, COMPARED, FUNCTIONS, METHODS, TESTS


@dataclass(frozen=True)
class Words:
    """What a program's expressions say, and a note of each that had to be quoted as code.

    Attributes:
        unread: code that has no words here, in the order it was met.
    """

    unread: list[str] = field(default_factory=list)

    def value(self, node: ast.expr) -> str:
        """What the expression stands for, as a noun."""
        if is_condition(node):
            return f"whether {self.condition(node)}"
        return _VALUES.get(type(node), Words.quoted)(self, node)

    def part(self, node: ast.expr) -> str:
        """The same within a longer phrase: in parentheses unless it is simple."""
        phrase = self.value(node)
        return phrase if simple(node) else f"({phrase})"

    def condition(self, node: ast.expr) -> str:
        """When the expression holds, as a clause."""
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            return word.join(map(self._clause, node.values))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            if is_condition(node.operand):
                return f"it is not so that {self._clause(node.operand)}"
            return f"{self.part(node.operand)} is 0, empty, False or None"
        told = self._test(node)
        return told or f"{self.part(node)} is not 0, empty, False or None"

    def _clause(self, node: ast.expr) -> str:
        phrase = self.condition(node)
        return f"({phrase})" if isinstance(node, ast.BoolOp) else phrase

    def _comparison(self, node: ast.Compare) -> str:
        left, told = node.left, []
        for op, right in zip(node.ops, node.comparators, strict=True):
            told.append(self._compared(left, op, right))
            left = right
        return " and ".join(told)

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        if isinstance(op, (ast.In, ast.NotIn)):
            contains = "contains" if isinstance(op, ast.In) else "does not contain"
            return f"{self.part(right)} {contains} {self.part(left)}"
        odd = parity(left, op, right)
        if odd is not None and isinstance(left, ast.BinOp):
            return f"{self.part(left.left)} is {odd}"
        return f"{self.part(left)} {COMPARED[type(op)]} {self.part(right)}"

    def _test(self, node: ast.expr) -> str | None:
        """A call that answers yes or no, as a clause."""
        if not isinstance(node, ast.Call):
            return None
        if isinstance(node.func, ast.Name) and is_quantified(node):
            return self._quantified(node.func.id, node.args[0])
        if isinstance(node.func, ast.Attribute) and is_test(node):
            parts = (node.func.value, *node.args)
            return TESTS[node.func.attr].format(*map(self.part, parts))
        return None

    def _quantified(self, name: str, node: ast.expr) -> str:
        if isinstance(node, (ast.GeneratorExp, ast.ListComp)) and len(node.generators) == 1:
            over = self.over(node.generators[0])
            word = "every" if name == "all" else "some"
            return f"{self.condition(node.elt)}, for {word} {over}"
        return f"{name} of {self.part(node)} hold{'s' * (name == 'any')}"

    def over(self, loop: ast.comprehension) -> str:
        """What a comprehension runs over: its variable, where from, and under which conditions."""
        where = "".join(f" where {self.condition(test)}" for test in loop.ifs)
        return f"{ast.unparse(loop.target)} in {self.part(loop.iter)}{where}"

    def quoted(self, node: ast.expr) -> str:
        """The expression as code, noted as one without words."""
        code = ast.unparse(node)
        self.unread.append(code)
        return f"`{code}`"

    def constant(self, node: ast.Constant) -> str:
        """A number or a text as Python writes it."""
        return repr(node.value)

    def name(self, node: ast.Name) -> str:
        """A name as it is."""
        return node.id

    def binary(self, node: ast.BinOp) -> str:
        """Two operands and the word for what is done with them."""
        if isinstance(node.op, ast.Mod) and is_text(node.left):
            return self.quoted(node)  # text that is filled in, no remainder
        if isinstance(node.op, ast.Mod) and number(node.right) == 2 and is_whole(node.left):
            return f"1 if {self.part(node.left)} is odd, else 0"
        left, right = self.part(node.left), self.part(node.right)
        if isinstance(node.left, ast.Call) and left[0] not in "(`":
            left = f"({left})"  # "the absolute value of x plus 1" could be that of x plus 1
        return BINARY[type(node.op)].format(left, right)

    def unary(self, node: ast.UnaryOp) -> str:
        """A sign before its operand."""
        if isinstance(node.operand, ast.Constant):
            return ast.unparse(node)
        if isinstance(node.op, ast.USub):
            return f"minus {self.part(node.operand)}"
        return self.quoted(node)

    def choice(self, node: ast.IfExp) -> str:
        """One value or the other."""
        when, other = self.condition(node.test), self.value(node.orelse)
        return f"{self.part(node.body)} if {when}, else {other}"

    def subscript(self, node: ast.Subscript) -> str:
        """An item, a column or a piece."""
        of = self.part(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._piece(of, node.slice)
        place = number(node.slice)
        if place is None:
            if isinstance(node.slice, ast.Constant):
                return f"{node.slice.value!r} of {of}"
            return f"the item of {of} at {self.part(node.slice)}"
        named = {0: "the first item", -1: "the last item"}.get(place, f"item [{place}]")
        return f"{named} of {of}"

    def _piece(self, of: str, cut: ast.Slice) -> str:
        if cut.lower is None and cut.upper is None and number(cut.step) == -1:
            return f"{of} from its end to its start"
        start = "its start" if cut.lower is None else self._place(cut.lower)
        end = "its end" if cut.upper is None else f"before {self._place(cut.upper)}"
        steps = "" if cut.step is None else f" in steps of {self.part(cut.step)}"
        return f"the part of {of} from {start} to {end}{steps}"

    def _place(self, node: ast.expr) -> str:
        from_end = " (from the end)" if (number(node) or 0) < 0 else ""
        return f"place {self.part(node)}{from_end}"

    def call(self, node: ast.Call) -> str:
        """A function's result; of a function without words here, its name and arguments."""
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            return self.quoted(node)
        if isinstance(node.func, ast.Name):
            return self._function(node, node.func.id)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func)
        return self.quoted(node)

    def _function(self, node: ast.Call, name: str) -> str:
        if name in ("sum", "int") and len(node.args) == 1:
            told = self._counted(name, node.args[0])
            if told:
                return told
        phrase = FUNCTIONS.get((name, len(node.args)))
        arguments = list(map(self.part, node.args))
        if phrase is not None:
            return phrase.format(*arguments)
        return f"the result of {name} for {', '.join(arguments)}" if arguments else f"{name}()"

    def _counted(self, name: str, node: ast.expr) -> str | None:
        if name == "int":
            return f"1 if {self.condition(node)}, else 0" if is_condition(node) else None
        if not isinstance(node, (ast.GeneratorExp, ast.ListComp)) or len(node.generators) != 1:
            return None
        over = self.over(node.generators[0])
        if isinstance(node.elt, ast.Constant) and node.elt.value == 1:
            return f"the number of {over}"
        if is_condition(node.elt):
            return f"the number of {over} for which {self.condition(node.elt)}"
        return f"the sum of {self.part(node.elt)} over each {over}"

    def _method(self, node: ast.Call, func: ast.Attribute) -> str:
        phrase = METHODS.get((func.attr, len(node.args)))
        if phrase is None and isinstance(func.value, ast.Name) and func.value.id == "math":
            arguments = ", ".join(map(self.part, node.args))
            return f"{func.attr}({arguments})"
        if phrase is None:
            return self.quoted(node)
        return phrase.format(self.part(func.value), *map(self.part, node.args))

    def attribute(self, node: ast.Attribute) -> str:
        """A constant of a module."""
        if isinstance(node.value, ast.Name) and node.value.id == "math":
            return node.attr
        return self.quoted(node)

    def listed(self, node: ast.List | ast.Tuple | ast.Set) -> str:
        """Several values, one after another."""
        kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
        if any(isinstance(item, ast.Starred) for item in node.elts):
            return self.quoted(node)
        return (
            f"the {kind} of {', '.join(map(self.part, node.elts))}"
            if node.elts
            else f"an empty {kind}"
        )

    def made(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> str:
        """What a comprehension gives."""
        if len(node.generators) != 1:
            return self.quoted(node)
        kind = "different values" if isinstance(node, ast.SetComp) else "values"
        return f"the {kind} of {self.part(node.elt)} for each {self.over(node.generators[0])}"


_VALUES: Mapping[type[ast.expr], Callable[..., str]] = {
    ast.Constant: Words.constant,
    ast.Name: Words.name,
    ast.BinOp: Words.binary,
    ast.UnaryOp: Words.unary,
    ast.IfExp: Words.choice,
    ast.Subscript: Words.subscript,
    ast.Call: Words.call,
    ast.Attribute: Words.attribute,
    ast.List: Words.listed,
    ast.Tuple: Words.listed,
    ast.Set: Words.listed,
    ast.ListComp: Words.made,
    ast.GeneratorExp: Words.made,
    ast.SetComp: Words.made,
}
