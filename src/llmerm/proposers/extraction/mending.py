"""Code as models write it, mended where it is no Python as it stands, without demonstrations."""
# ruff: noqa: RUF001 - signs that look like Python's own are what is replaced here

from __future__ import annotations

import ast
import builtins
import html
import re
from collections.abc import Callable, Iterator
from textwrap import dedent

from llmerm.program import MAX_CHARACTERS
from llmerm.proposers.extraction.bindings import anywhere

_TYPOGRAPHY = {
    **dict.fromkeys(map(ord, "“”„‟«»＂"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛＇"), "'"),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), ""),
    **dict.fromkeys(map(ord, "−–—‐‑"), "-"),
    **dict(zip(map(ord, "（），：；≤≥≠×→"), [*"(),:;", "<=", ">=", "!=", "*", "->"], strict=True)),
}
"""What word processors and chat windows put in the place of Python's own signs."""


TAB_SIZES = (4, 8)
"""How wide tabs may have been meant, in code that mixes them with spaces."""


def mended(text: str) -> Iterator[str]:
    r"""The code as it stands, then with one more repair each, as long as that changes it.

    >>> list(mended("    def f(x): return “a”"))
    ['def f(x): return “a”\n', 'def f(x): return "a"\n']
    """
    code = dedent(text.replace("\r\n", "\n").replace("\r", "\n").rstrip()).strip("\n") + "\n"
    yield code
    if len(code) > MAX_CHARACTERS:
        return
    for repair in _REPAIRS:
        repaired = repair(code)
        if repaired != code:
            code = repaired
            yield code
    if "\t" in code:
        yield from map(code.expandtabs, TAB_SIZES)


def _without_prompts(code: str) -> str:
    """The lines that were typed in an interactive session, without its prompts and answers."""
    if not code.startswith(">>>"):
        return code
    return "".join(line[4:] + "\n" for line in code.split("\n") if line.startswith((">>>", "...")))


def _without_quoting(code: str) -> str:
    lines = code.rstrip("\n").split("\n")
    if not all(line.startswith(">") or not line.strip() for line in lines):
        return code
    return dedent("".join(line[1:] + "\n" for line in lines))


def with_ascii_signs(code: str) -> str:
    """The code with Python's signs for those of word processors."""
    return code.translate(_TYPOGRAPHY)


def _unescaped(code: str) -> str:
    r"""Line breaks for each `\n` in code that is all in one line, as if it were in JSON."""
    if "\n" in code.rstrip("\n"):
        return code
    return re.sub(
        r"\\([nt\"'])", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), code
    )


_REPAIRS: tuple[Callable[[str], str], ...] = (
    _without_prompts,
    _without_quoting,
    with_ascii_signs,
    _unescaped,
    html.unescape,
)


def without_demonstrations(source: str, tree: ast.Module, name: str) -> str:
    r"""The source without top-level statements that only show or test what it does.

    These are calls of `print`, expressions and assertions that use the function or call nothing,
    and a part that runs as `__main__`. A statement that shares a line with another one stays.

    Args:
        source: the code.
        tree: its syntax tree.
        name: the function; empty where there is none.

    >>> text = "def f(x): return 1\nprint(f(2))\n"
    >>> without_demonstrations(text, ast.parse(text), "f")
    'def f(x): return 1\n'
    """
    return _without([node for node in tree.body if _demonstrates(node, name)], source, tree)


def without_strange_calls(source: str, tree: ast.Module) -> str:
    """The source without top-level calls of functions that it has not: they could only raise."""
    known = anywhere(tree) | set(dir(builtins))
    strange = [node for node in tree.body if _calls_other_than(known, node)]
    return source if "*" in known else _without(strange, source, tree)


def _calls_other_than(known: set[str], node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name not in known
    return False


def _without(unwanted: list[ast.stmt], source: str, tree: ast.Module) -> str:
    """The source without these statements, unless one of them shares a line with another."""
    lines = source.split("\n")
    kept = {line for node in tree.body if node not in unwanted for line in _lines(node)}
    dropped = {line for node in unwanted for line in _lines(node)}
    if not dropped or dropped & kept:
        return source
    return "\n".join(line for i, line in enumerate(lines, 1) if i not in dropped)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _demonstrates(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Expr(value=ast.Constant() | ast.Lambda()):
            return False  # a docstring, or the program itself
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))) | ast.Return():
            return True
        case ast.Expr() | ast.Assert():
            inside = list(ast.walk(node))
            used = any(isinstance(n, ast.Name) and n.id == name for n in inside)
            return used or not any(isinstance(n, ast.Call) for n in inside)
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False
