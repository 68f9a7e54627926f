"""An expression: a tree of operators, what it means, and how it prints."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from llmerm.search.helpers import FASTER
from llmerm.search.op import Op


@dataclass(frozen=True, eq=False, slots=True)
class Expr:
    """An operator applied to expressions; `value` is the constant of a literal."""

    op: Op
    args: tuple[Expr, ...] = ()
    value: Any = None

    def walk(self) -> Iterator[Expr]:
        """This expression and all within it, parts first."""
        for arg in self.args:
            yield from arg.walk()
        yield self

    def __str__(self) -> str:
        return render(self)


def render(expr: Expr) -> str:
    """The expression as one line of Python, with no parenthesis that is not needed."""
    return joined(expr.op.source, [render(arg) for arg in expr.args])


def joined(template: str, parts: list[str]) -> str:
    """The template filled with parts, each in parentheses only if the meaning needs them.

    >>> joined("{0} * {1}", ["a + b", "c"])
    '(a + b) * c'
    """
    safe = [f"({part})" for part in parts]
    meaning = ast.dump(ast.parse(fill(template, safe), mode="eval"))
    for place, part in enumerate(parts):
        bare = [*safe[:place], part, *safe[place + 1 :]]
        if _meaning(fill(template, bare)) == meaning:
            safe = bare
    return fill(template, safe)


def _meaning(source: str) -> str | None:
    try:
        return ast.dump(ast.parse(source, mode="eval"))
    except SyntaxError:
        return None


def nested(expr: Expr) -> str:
    """The expression as Python with every part in parentheses; quicker to make than `render`."""
    return fill(expr.op.source, [f"({nested(arg)})" for arg in expr.args])


def fill(template: str, parts: list[str]) -> str:
    """The template with {0}, {1}, ... replaced; other braces stay.

    >>> fill("{0} in {'a', 'b'}", ["x"])
    "x in {'a', 'b'}"
    """
    return re.sub(r"\{(\d)\}", lambda match: parts[int(match[1])], template)


def namespace(expr: Expr) -> dict[str, Any]:
    """What the printed source may name: the imports and helpers of its operators."""
    names: dict[str, Any] = {}
    for part in expr.walk():
        for line in part.op.needs:
            exec(line, names)  # an import statement of the grammar
        names |= {helper.__name__: helper for helper in part.op.helpers}
    return names | {name: FASTER[name] for name in names if name in FASTER}


def function(expr: Expr) -> Callable[[Any], Any]:
    """The expression as a function of x, in this process: a grammar's sources are trusted."""
    compiled: Callable[[Any], Any] = eval(f"lambda x: {nested(expr)}", namespace(expr))
    return compiled


def op_function(op: Op) -> Callable[..., Any]:
    """The operator's source as a function of its arguments; of x for one without arguments."""
    names = [f"a{i}" for i in range(len(op.args))]
    body = fill(op.source, names)
    compiled: Callable[..., Any] = eval(
        f"lambda {', '.join(names) or 'x'}: {body}", namespace(Expr(op))
    )
    return compiled
