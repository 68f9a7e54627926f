"""A candidate program as text: its function's name, its normal form, its length in bits."""

from __future__ import annotations

import ast
import builtins
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from llmerm.errors import ProgramError
from llmerm.typing import Value

MAX_CHARACTERS = 100_000
"""A longer source is refused unread: no rule worth reading is that long."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)


@dataclass(frozen=True)
class Program:
    """The source of a module that defines a function `f`, or one function of any name.

    It is text until something runs it: `result.predict` in the sandbox, or `compile`.

    Raises:
        ProgramError: if the source is empty, too long, no Python, or defines no function.

    >>> Program("def parity(s): return s.count('1') % 2").name
    'parity'
    """

    source: str

    def __post_init__(self) -> None:
        _ = self.name  # refuses a source that is no program

    @cached_property
    def name(self) -> str:
        """The function to call: `f`, else the one function that the module defines."""
        return _entry_point(parse(self.source))

    @cached_property
    def normal_form(self) -> str:
        """The syntax tree without the names of locals, docstrings and annotations, as text.

        Two programs with one normal form behave the same; the converse does not hold.
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
            tree = _normalised(parse(self.source), self.name)
            return ast.dump(tree), _code_length(tree)
        except RecursionError:  # too deep to walk: the text stands in for the tree
            return self.source, _text_bits(self.source)

    def pretty(self) -> str:
        """The source, safe to print: whatever is not printable (escape codes, bidi) is escaped."""
        return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in self.source)

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

    def __str__(self) -> str:
        return self.pretty()


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


def _entry_point(tree: ast.Module) -> str:
    names = set(_top_level_names(tree.body))
    if "f" in names:
        return "f"
    functions = [name for name, is_function in _top_level_functions(tree.body) if is_function]
    if len(functions) == 1:
        return functions[0]
    found = f"{', '.join(functions)} and no f" if functions else "no function"
    raise ProgramError("no_function", f"the source defines {found}. Expected a function f(x).")


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module loads, those inside if, try and for included."""
    for statement in body:
        yield statement
        if not isinstance(statement, _SCOPES):
            for part in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(statement, part, []))
            for handler in getattr(statement, "handlers", []):
                yield from _statements(handler.body)


def _top_level_functions(body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    for statement in _statements(body):
        if isinstance(statement, _FUNCTIONS):
            yield statement.name, True
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, isinstance(statement.value, ast.Lambda)


def _top_level_names(body: list[ast.stmt]) -> Iterator[str]:
    for statement in _statements(body):
        if isinstance(statement, _SCOPES):
            yield statement.name
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name for alias in statement.names)
        else:
            stores = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            yield from (node.id for node in stores if isinstance(node.ctx, ast.Store))


class _Strip(ast.NodeTransformer):
    """Takes out docstrings and annotations."""

    def visit(self, node: ast.AST) -> ast.AST | None:
        self.generic_visit(node)
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, _FUNCTIONS):
            node.returns = None
        if isinstance(node, (*_SCOPES, ast.Module)) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            return ast.Assign([node.target], node.value) if node.value else None
        return node


class _Rename(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit(self, node: ast.AST) -> ast.AST:
        for slot in ("id", "arg", "name"):
            old = getattr(node, slot, None)
            if isinstance(old, str) and not isinstance(node, (ast.alias, ast.keyword)):
                setattr(node, slot, self.names.get(old, old))
        return self.generic_visit(node)


_INTROSPECTIVE = frozenset(
    {"locals", "globals", "vars", "dir", "eval", "exec", "getattr", "hasattr"}
)


def _normalised(tree: ast.Module, entry: str) -> ast.Module:
    """The tree with canonical names, unless the program could notice the change."""
    if _looks_at_itself(tree):
        return tree
    stripped = cast("ast.Module", _Strip().visit(tree))
    fixed = _names_that_mean_something(stripped)
    order: dict[str, str] = {entry: "f"}
    for name in _bound_names(stripped):
        if name not in fixed and name not in order:
            order[name] = f"v{len(order)}"
    return cast("ast.Module", _Rename(order).visit(stripped)) if entry not in fixed else stripped


def _looks_at_itself(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or ""
        if name in _INTROSPECTIVE or name.startswith(("__", "co_", "f_", "gi_", "tb_")):
            return True
        if isinstance(node, (ast.ClassDef, ast.Match, ast.Global, ast.Nonlocal)):
            return True  # their names are attributes or spelled in other places; leave them alone
    return False


def _names_that_mean_something(tree: ast.Module) -> frozenset[str]:
    """Names that other text refers to: builtins, imports, keywords of calls."""
    names = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
    return frozenset(names)


def _bound_names(tree: ast.Module) -> Iterator[str]:
    """The names the program binds, in the order of the syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (*_FUNCTIONS, ast.ExceptHandler)) and node.name:
            yield node.name


_ABSENT_BITS = 1.0  # every slot starts with a bit that says whether anything follows
_NODE_BITS = _ABSENT_BITS + 7.0  # Python's syntax has fewer than 128 kinds of node
_LEAF_BITS = _ABSENT_BITS + 3.0  # bool, int, float, complex, str, bytes, Ellipsis


def _code_length(slot: object) -> float:
    """The length of the slot's prefix code: the slots of a node follow from its kind."""
    if slot is None:
        return _ABSENT_BITS
    if isinstance(slot, ast.AST):
        fields = (value for name, value in ast.iter_fields(slot) if name != "ctx")
        return _NODE_BITS + sum(map(_code_length, fields))
    if isinstance(slot, list):
        return _gamma_bits(len(slot)) + sum(map(_code_length, slot))
    if isinstance(slot, int):
        return _LEAF_BITS + _gamma_bits(2 * abs(slot) + (slot < 0))
    return _LEAF_BITS + _text_bits(str(slot))


def _gamma_bits(count: int) -> float:
    """The length of the Elias gamma code of `count` + 1."""
    return 2.0 * (count + 1).bit_length() - 1.0


def _text_bits(text: str) -> float:
    size = len(text.encode(errors="surrogatepass"))
    return _gamma_bits(size) + 8.0 * size
