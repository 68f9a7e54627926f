"""A program as Python that stands alone: imports, helpers, then `f`."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable
from typing import Any

from llmerm.search.expression import Expr, joined

NAMES = "abdeghjklmnpqrstuvwyz"
BOUND = ("w", "v", "i")
"""What loops within expressions call their items and places."""

_TAKEN = re.compile(r"\b(sorted|sum|max|min|set|len)\(list\(x\)\)")
_ITEM = re.compile(r"\blist\(x\)(\[-?\w+\])")
"""What takes a tuple as well as a list, and what gives the same of both."""


def emit(expr: Expr, *, before: str = "", taken: tuple[str, ...] = ()) -> str:
    """The source of `def f(x)` that returns the expression's value.

    An argument that would be printed twice gets a name of its own.

    Args:
        expr: what to return.
        before: a statement that comes first, such as "a, b = x".
        taken: the names that it binds.

    >>> from llmerm.search.op import Op
    >>> x = Expr(Op("x", "int", (), "x"))
    >>> print(emit(Expr(Op("twice", "int", ("int",), "{0} + {0}"), (x,))))
    def f(x):
        return x + x
    """
    statements: list[str] = [before] * bool(before)
    names = dict(zip(taken, taken, strict=True))
    value = _hoisted(expr, _repeated(expr), names, statements)
    lines = list(map(_unlisted, [*statements, f"return {value}"]))
    body = "def f(x):\n" + textwrap.indent("\n".join(lines), "    ")
    return "\n\n".join([*_preamble(expr), body])


def _unlisted(line: str) -> str:
    """The line without a copy of a tuple that nothing needs."""
    return _ITEM.sub(r"x\1", _TAKEN.sub(r"\1(x)", line))


def _preamble(expr: Expr) -> list[str]:
    needs = sorted({line for part in expr.walk() for line in part.op.needs})
    helpers = {h.__name__: h for part in expr.walk() for h in part.op.helpers}
    return ["\n".join(needs)] * bool(needs) + [helper_source(h) for h in helpers.values()]


def helper_source(helper: Callable[..., Any]) -> str:
    """The helper's source as it was written."""
    return textwrap.dedent(inspect.getsource(helper)).rstrip()


def _repeated(expr: Expr) -> set[str]:
    """The printed forms of the parts worth a name: those written more than once."""
    uses: Counter[str] = Counter()
    _count(expr, uses)
    return {text for text, count in uses.items() if count > 1}


def _count(expr: Expr, uses: Counter[str]) -> None:
    for place, arg in enumerate(expr.args):
        if arg.args and not _within_words(arg):
            times = len(re.findall(rf"\{{{place}\}}", expr.op.source))
            first = not uses[str(arg)]
            uses[str(arg)] += times
            if first:
                _count(arg, uses)


def _within_words(expr: Expr) -> bool:
    """True for a part of what is done to each word or item: it has no meaning outside the loop."""
    return any(part.op.source in BOUND for part in expr.walk())


def _new_name(names: dict[str, str]) -> str:
    used = set(names.values())
    numbered = (name + "1" * round_ for round_ in range(len(names) + 1) for name in NAMES)
    return next(name for name in numbered if name not in used)


def _hoisted(expr: Expr, named: set[str], names: dict[str, str], lines: list[str]) -> str:
    return joined(expr.op.source, [_part(arg, named, names, lines) for arg in expr.args])


def _part(expr: Expr, named: set[str], names: dict[str, str], lines: list[str]) -> str:
    text = str(expr)
    if text not in named or not expr.args:
        return _hoisted(expr, named, names, lines)
    if text not in names:
        value = _hoisted(expr, named, names, lines)
        names[text] = _new_name(names)
        lines.append(f"{names[text]} = {value}")
    return names[text]
