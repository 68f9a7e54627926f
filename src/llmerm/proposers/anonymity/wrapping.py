"""Programs for renamed data with a function around them that renames."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from string import Template

from llmerm.normal_form import could_notice
from llmerm.program import parse
from llmerm.proposers.anonymity.renaming import Renaming
from llmerm.proposers.anonymity.translation import between, translated

_ROUND = Template("""
renamed$mark = $name


def f(x):
    y = renamed$mark($forth)
    return $back
""")
_ROUND_RECURSION = Template("f = between$mark(lambda x: $forth, $name, lambda y: $back)\n")


def wrapped(source: str, name: str, renaming: Renaming) -> str:
    """The source, and after it a function f that renames its input and brings its label back.

    Args:
        source: of a program for renamed data.
        name: of its function.
        renaming: what is called how.

    >>> print(wrapped("f = str", "f", Renaming(letters={97: "b"})))
    f = str
    <BLANKLINE>
    renamed_ = f
    <BLANKLINE>
    <BLANKLINE>
    def f(x):
        y = renamed_(x.translate(str.maketrans('a', 'b')) if isinstance(x, str) else x)
        return y
    <BLANKLINE>
    """
    mark = "_"
    while any(f"{word}{mark}" in source for word in ("translated", "between", "renamed")):
        mark += "_"
    tree = parse(source)
    around = _ROUND_RECURSION if could_notice(tree) or mentions(tree, name) > 1 else _ROUND
    forth, back = _forth(renaming, mark), _back(renaming, mark)
    last = around.substitute(mark=mark, name=name, forth=forth, back=back)
    helpers = [f for f in (translated, between) if f"{f.__name__}{mark}(" in last]
    texts = [_text(function, mark) + "\n\n" for function in helpers]
    return "".join([source.rstrip("\n"), "\n\n\n" if texts else "\n", *texts, last])


def mentions(tree: ast.AST, name: str) -> int:
    """How often the name is used or bound, in whatever way.

    >>> mentions(ast.parse("def f(f): return f"), "f")
    3
    """
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=found) | ast.arg(arg=found):
                names.append(found)
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found):
                names.append(found)
            case ast.alias(name=found, asname=other):
                names.append((other or found).partition(".")[0])
    return names.count(name)


def _forth(renaming: Renaming, mark: str) -> str:
    """An expression for the input x under its other names."""
    if not renaming.flat:
        table = _table(renaming.letters)
        return f"translated{mark}(x, {table}, {renaming.names!r}, {renaming.inner!r})"
    if not renaming.names:
        return _text_or_other("x", renaming.letters)
    cell = _text_or_other("v", renaming.letters)
    return f"{{{renaming.names!r}.get(k, k): {cell} for k, v in x.items()}}"


def _back(renaming: Renaming, mark: str) -> str:
    """An expression for the label y under its own name."""
    back = renaming.back
    if back.classes:
        return f"{back.classes!r}.get(y, y) if isinstance(y, str) else y"
    if renaming.flat or not back.label_letters:
        return _text_or_other("y", back.label_letters)
    return f"translated{mark}(y, {_table(back.label_letters)}, {{}}, {{}})"


def _text_or_other(name: str, letters: dict[int, str]) -> str:
    if not letters:
        return name
    return f"{name}.translate({_table(letters)}) if isinstance({name}, str) else {name}"


def _table(letters: dict[int, str]) -> str:
    if not letters:
        return "{}"
    return f"str.maketrans({''.join(map(chr, letters))!r}, {''.join(letters.values())!r})"


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
