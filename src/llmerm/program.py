"""A candidate program as text: its function's name, its normal form, its length in bits."""

from __future__ import annotations

import ast
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from llmerm import formula
from llmerm.description_length import code_length, text_length
from llmerm.errors import ArgumentError, ProgramError
from llmerm.normal_form import normalised
from llmerm.typing import Value
from llmerm.views.card import card
from llmerm.views.code import code
from llmerm.views.text import cut, printable

if TYPE_CHECKING:
    from sympy import Basic

MAX_CHARACTERS = 100_000
"""A longer source is refused unread: no rule worth reading is that long."""

SHOWN, WIDE = 12, 400
"""How many lines of a program are shown where it stands alone, and how much of a line."""


@dataclass(frozen=True)
class Program:
    """The source of a module that defines a function `f`, or one function of any name.

    It is text until something runs it: `result.predict` in the sandbox, or `compile`.

    Raises:
        ArgumentError: if the source is no text.
        ProgramError: if the source is empty, too long, no Python, or defines no function.

    >>> Program("def parity(s): return s.count('1') % 2").name
    'parity'
    """

    source: str

    def __post_init__(self) -> None:
        if not isinstance(self.source, str):
            raise ArgumentError(f"`source` must be str, got {type(self.source).__name__}.")
        _ = self.name  # refuses a source that is no program

    @cached_property
    def name(self) -> str:
        """The function to call: `f`, else the one function that the module defines."""
        return _entry_point(parse(self.source))

    @cached_property
    def normal_form(self) -> str:
        """The syntax tree without the names of locals, docstrings and plain annotations, as text.

        Programs with one normal form behave the same; the converse does not hold.
        """
        return self._measured[0]

    @cached_property
    def bits(self) -> float:
        """The description length of the normal form under a fixed prefix code, in bits.

        Each node costs 8 bits for its kind, each list and integer an Elias gamma code, each other
        constant and name its text at 8 bits a byte. It ranks programs; it is not the shortest code.
        """
        return self._measured[1]

    @cached_property
    def _measured(self) -> tuple[str, float]:
        try:
            tree = normalised(parse(self.source), self.name)
            return ast.dump(tree), code_length(tree)
        except (RecursionError, ValueError):  # too deep, or a number too long to be written
            return self.source, text_length(self.source)

    def pretty(self) -> str:
        """The source, safe to print: whatever is not printable (escape codes, bidi) is escaped."""
        return printable(self.source)

    def compile(self, *, trusted: bool = False) -> Callable[[Value], Value]:
        """The program as a plain function in this process, with all of its rights.

        Args:
            trusted: must be True, to say that you have read the source. In all other cases use
                `result.predict`, which runs it in the sandbox.

        >>> Program("def f(x): return x + 1").compile(trusted=True)(1)
        2
        """
        if not trusted:
            raise ProgramError(
                "refused",
                "compile() runs the program in your own process, with your files and keys. Read "
                "`program.source`, then pass trusted=True; or use `result.predict`, which runs it "
                "in the sandbox.",
            )
        namespace: dict[str, object] = {"__name__": "llmerm_program"}
        exec(compile(self.source, "<program>", "exec"), namespace)  # the explicit act of the user
        return cast("Callable[[Value], Value]", namespace[self.name])

    def sympy(self) -> Basic:
        """The program as a SymPy expression, where it computes with numbers (extra `sympy`).

        A number as input is the symbol x (or what the function calls it), the items of a list are
        x_0, x_1, ..., columns have their names. Where the program raises, the expression may
        still have a value. Numbers are exact here, so rounding is not reproduced.

        Raises:
            MissingExtraError: if SymPy is not installed.
            FormulaError: if it is no formula over numbers; the message has the piece of code.

        >>> Program("def f(x): return x * (x + 1) // 2").sympy()
        floor(x*(x + 1)/2)
        """
        return formula.expression(parse(self.source), self.name)

    def latex(self) -> str:
        r"""The program as LaTeX, where it computes with numbers. Raises as `sympy`.

        >>> Program("def f(x): return x[0] ** 2 + 1").latex()
        'x_{0}^{2} + 1'
        """
        return formula.latex(self.sympy())

    def __str__(self) -> str:
        return self.pretty()

    def __repr__(self) -> str:
        lines = self.pretty().strip().splitlines()
        more = [f"... ({len(lines)} lines)"] if len(lines) > SHOWN else []
        head = f"Program({self.name}: {self.bits:.0f} bits)"
        return "\n".join([head, *(cut(line, WIDE) for line in lines[:SHOWN]), *more])

    def _repr_html_(self) -> str:
        return card(f"{self.name}: {self.bits:.0f} bits", code(self.source), badge="program")


_one_at_a_time = threading.Lock()


def parse(source: str) -> ast.Module:
    """The syntax tree of a source that may be hostile.

    One thread at a time: Python 3.11 keeps the depth of the tree under construction in one place
    for all threads, and raises SystemError when two get in each other's way.

    Raises:
        ProgramError: if it is empty, too long, or no Python.
    """
    if not source.strip():
        raise ProgramError("empty", "the source is empty. Expected a module that defines f(x).")
    if len(source) > MAX_CHARACTERS:
        raise ProgramError(
            "too_long",
            f"the source has {len(source):,} characters, at most {MAX_CHARACTERS:,} are read.",
        )
    try:
        with _one_at_a_time, warnings.catch_warnings(action="ignore"):
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ProgramError("syntax_error", f"the source is not Python: {error}") from error


def bound_names(tree: ast.Module) -> set[str]:
    r"""The names that the module itself binds.

    >>> sorted(bound_names(ast.parse("import math\ndef f(x): y = 1")))
    ['f', 'math']
    """
    return _top_level(tree)[0]


def _entry_point(tree: ast.Module) -> str:
    names, functions = _top_level(tree)
    if "f" in names:
        return "f"
    if len(functions) == 1:
        return functions[0]
    found = f"{', '.join(functions)[:200]} and no f" if functions else "no function"
    raise ProgramError("no_function", f"the source defines {found}. Expected a function f(x).")


_CLOSED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _top_level(tree: ast.Module) -> tuple[set[str], list[str]]:
    """The names that the module itself binds, and which of them are functions, in order.

    An explicit stack, as a hostile tree may be deeper than Python's own.
    """
    names: set[str] = set()
    functions: list[str] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
            functions.append(node.name)
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
        elif not isinstance(node, _CLOSED):
            _note(node, names, functions)
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return names, list(dict.fromkeys(functions))


def _note(node: ast.AST, names: set[str], functions: list[str]) -> None:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names.update(alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        names.add(node.id)
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        functions.extend(target.id for target in node.targets if isinstance(target, ast.Name))
