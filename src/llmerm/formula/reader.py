"""Runs a program on symbols: what it gives then is its formula."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

import sympy

from llmerm.errors import FormulaError
from llmerm.formula.expressions import Expressions
from llmerm.formula.terms import Input, Term, as_number, as_truth, choice, is_truth, refused

MOST_STEPS = 2_000
"""A program that takes more steps than this, over all its cases, is refused as too long."""


class Bind(NamedTuple):
    """A statement of our own: the next item of a loop."""

    target: ast.expr
    value: Term


Step: TypeAlias = "ast.stmt | Bind"


@dataclass
class Reader:
    """Evaluates one module's functions on symbols, statement by statement."""

    tree: ast.Module
    constants: dict[str, Term] = field(default_factory=dict)
    steps: int = 0
    depth: int = 0

    @cached_property
    def functions(self) -> Mapping[str, ast.FunctionDef]:
        """The module's own functions, by name."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    @cached_property
    def within(self) -> Expressions:
        """What evaluates the expressions."""
        return Expressions(self.functions, _imports(self.tree), self.call)

    def call(self, node: ast.FunctionDef, arguments: Sequence[Term]) -> Term:
        """What a function of the module gives for these arguments."""
        names = [one.arg for one in node.args.args]
        if ast.unparse(node.args) != ", ".join(map(ast.unparse, node.args.args)):
            raise refused(node)
        if len(names) != len(arguments) or self.depth > 20:
            raise refused(node)
        self.depth += 1
        given = self.run(list(node.body), self.constants | dict(zip(names, arguments, strict=True)))
        self.depth -= 1
        return given

    def run(self, body: list[Step], known: dict[str, Term]) -> Term:
        """What the statements answer; those after a case are read once for each way through it."""
        known = dict(known)
        for index, step in enumerate(body):
            self._count(step)
            rest = body[index + 1 :]
            if isinstance(step, ast.Return) and step.value is not None:
                return self.within.value(step.value, known)
            if isinstance(step, ast.If):
                return self._cases(step, rest, known)
            if isinstance(step, ast.For) and not step.orelse:
                return self.run([*self._unrolled(step, known), *rest], known)
            self.note(step, known)
        raise FormulaError("one way through the program gives no answer, so it is no formula.")

    def _count(self, step: Step) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise FormulaError(f"it has more than {MOST_STEPS:,} steps, too many for a formula.")

    def _cases(self, step: ast.If, rest: list[Step], known: dict[str, Term]) -> Term:
        when = as_truth(self.within.value(step.test, known), step.test)
        if when in (sympy.true, sympy.false):
            return self.run([*(step.body if when == sympy.true else step.orelse), *rest], known)
        one = self.run([*step.body, *rest], known)
        return choice(when, one, self.run([*step.orelse, *rest], known), step)

    def _unrolled(self, step: ast.For, known: dict[str, Term]) -> list[Step]:
        turns: list[Step] = []
        for item in self.within.items(step.iter, known):
            turns += [Bind(step.target, item), *step.body]
        return turns

    def note(self, step: Step, known: dict[str, Term]) -> None:
        """A statement that gives names to values, or one that does nothing."""
        if isinstance(step, Bind):
            self.within.bind(step.target, step.value, known)
        elif isinstance(step, ast.Assign):
            for target in step.targets:
                self.within.bind(target, self.within.value(step.value, known), known)
        elif isinstance(step, ast.AnnAssign) and step.value is not None:
            self.within.bind(step.target, self.within.value(step.value, known), known)
        elif isinstance(step, ast.AugAssign) and isinstance(step.target, ast.Name):
            left = ast.Name(step.target.id, ast.Load())
            changed = ast.BinOp(left, step.op, step.value)
            self.within.bind(step.target, self.within.value(changed, known), known)
        elif not isinstance(step, ast.Pass) and not _is_text(step):
            raise refused(step)


def read(tree: ast.Module, entry: str) -> sympy.Basic:
    """The formula of the function `entry`. Raises as `formula.expression`."""
    reader = Reader(tree)
    if entry not in reader.functions or len(reader.functions[entry].args.args) != 1:
        raise FormulaError(f"{entry} is no plain function of one argument.")
    try:
        return _of(reader, reader.functions[entry])
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        raise FormulaError(f"SymPy has no value for a part of the program: {error}.") from error


def _of(reader: Reader, function: ast.FunctionDef) -> sympy.Basic:
    for node in reader.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom):
            reader.note(node, reader.constants)
    given = reader.call(function, [Input(function.args.args[0].arg)])
    return given if is_truth(given) else as_number(given, function)


def _imports(tree: ast.Module) -> dict[str, str]:
    """The names under which `math` and what is in it are known."""
    names: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and node.module == "math"
        ):
            names |= {one.asname or one.name: one.name for one in node.names}
    return names


def _is_text(step: Step) -> bool:
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)
