"""Programs for renamed data, made to work on the real data."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from llmerm.errors import ProgramError
from llmerm.normal_form import could_notice
from llmerm.program import Program, parse
from llmerm.proposers.renaming import Renaming
from llmerm.proposers.translation import between, translated


class _Edit(NamedTuple):
    """A constant to be replaced in the text."""

    node: ast.Constant
    new: str


def restored(source: str, renaming: Renaming) -> str:
    """The source of the program that renames its input, runs `source`, and renames the result.

    >>> restored("def f(x): return x['c1'] + 1", Renaming(names={"age": "c1"}))
    "def f(x): return x['age'] + 1"
    """
    if renaming == Renaming():
        return source
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    name, tree = Program(source).name, parse(source)
    edits = _edits(tree, name, renaming)
    edited = None if edits is None else _edited(source, tree, edits)
    return _wrapped(source, name, renaming) if edited is None else edited


def _edits(tree: ast.Module, name: str, renaming: Renaming) -> list[_Edit] | None:
    """The constants to replace, or None where the program may use names in another way.

    It may not if its input is a plain row that is used by `x["column"]` and `x.get("column")`
    alone, and if what it returns are constants, chosen by `if` and `else`.
    """
    entry = _entry(tree, name)
    if renaming.letters or renaming.inner or entry is None or could_notice(tree):
        return None
    bound = list(_bound_by_other_than_assignment(tree))
    used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    parameter = entry.args.args[0].arg
    columns = list(_columns(entry, parameter, renaming.back.names))
    if name in used or bound.count(name) > 1:
        return None
    if used.count(parameter) != len(columns) or bound.count(parameter) > 1:
        return None
    labels = _labels(entry, renaming.back.classes)
    return None if labels is None else columns + labels


def _bound_by_other_than_assignment(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _entry(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    """The function of this name, if it is a plain one at the top with one argument."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            inside = [type(part) for part in ast.walk(node)][1:]
            plain = not node.decorator_list and not _OTHER_WAYS.intersection(inside)
            return node if plain and _takes_one(node.args) else None
    return None


_OTHER_WAYS = {ast.FunctionDef, ast.AsyncFunctionDef, ast.Yield, ast.YieldFrom}


def _takes_one(arguments: ast.arguments) -> bool:
    others = (arguments.vararg, arguments.kwarg, *arguments.kwonlyargs, *arguments.defaults)
    return len(arguments.args) == 1 and not arguments.posonlyargs and not any(others)


def _columns(entry: ast.FunctionDef, parameter: str, names: dict[str, str]) -> Iterator[_Edit]:
    """Each use of the parameter by the name of a column."""
    for node in ast.walk(entry):
        match node:
            case ast.Subscript(
                value=ast.Name(id=used), slice=ast.Constant() as key, ctx=ast.Load()
            ):
                pass
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=used), attr="get"),
                args=[ast.Constant() as key, *_],
            ):
                pass
            case _:
                continue
        if used == parameter and isinstance(key.value, str) and key.value in names:
            yield _Edit(key, names[key.value])


def _labels(entry: ast.FunctionDef, classes: dict[str, str]) -> list[_Edit] | None:
    """The constants that are returned, or None where other things may be."""
    if not classes:
        return []
    edits: list[_Edit] = []
    returned = [n.value for n in ast.walk(entry) if isinstance(n, ast.Return)]
    while returned:
        match returned.pop():
            case ast.IfExp(body=body, orelse=orelse):
                returned += [body, orelse]
            case ast.Constant(value=str() as code) as node if code in classes:
                edits.append(_Edit(node, classes[code]))
            case None | ast.Constant():
                pass
            case _:
                return None
    return edits


def _edited(source: str, tree: ast.Module, edits: list[_Edit]) -> str | None:
    """The source with the constants replaced, or None where the text turns out otherwise."""
    lines = source.encode().split(b"\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    text = source.encode()
    for node, new in sorted(edits, key=lambda edit: -_place(edit.node, starts)[0]):
        start, end = _place(node, starts)
        text = text[:start] + repr(new).encode() + text[end:]
        node.value = new
    try:
        read = parse(text.decode())
    except (ProgramError, UnicodeDecodeError):  # inside an f-string places can be off
        return None
    return text.decode() if ast.dump(read) == ast.dump(tree) else None


def _place(node: ast.Constant, starts: list[int]) -> tuple[int, int]:
    """Where the constant's text begins and ends, in bytes."""
    last = node.end_lineno or node.lineno
    return starts[node.lineno - 1] + node.col_offset, starts[last - 1] + (node.end_col_offset or 0)


def _wrapped(source: str, name: str, renaming: Renaming) -> str:
    """The source, and after it a function f that renames around it."""
    mark = "_"
    while any(f"{function.__name__}{mark}" in source for function in (translated, between)):
        mark += "_"
    labels = renaming.back.classes
    forth = _call(mark, renaming.letters, renaming.names, renaming.inner)
    back = f"lambda y: {labels!r}.get(y, y) if isinstance(y, str) else y"
    if not labels:
        back = _call(mark, renaming.back.letters, {}, {})
    last = f"f = between{mark}(\n    {forth},\n    {name},\n    {back},\n)\n"
    return "\n\n".join(
        [source.rstrip("\n") + "\n", _text(translated, mark), _text(between, mark), last]
    )


def _call(mark: str, letters: dict[int, str], names: dict[str, str], inner: dict[str, str]) -> str:
    """A lambda that renames as given."""
    table = f"str.maketrans({''.join(map(chr, letters))!r}, {''.join(letters.values())!r})"
    table = table if letters else "{}"
    return f"lambda v, letters={table}: translated{mark}(v, letters, {names!r}, {inner!r})"


def _text(function: Callable[..., object], mark: str) -> str:
    """The function's own text without annotations, with a mark on its name."""
    tree = parse(inspect.getsource(function))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            node.name = f"{node.name}{mark}" if node in tree.body else node.name
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.Name) and node.id == function.__name__:
            node.id += mark
    return ast.unparse(tree) + "\n"
