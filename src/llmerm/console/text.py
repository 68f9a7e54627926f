"""Text for a terminal: harmless, highlighted, never cut."""

from __future__ import annotations

import ast

from rich.markup import escape
from rich.syntax import Syntax
from rich.text import Text

from llmerm.program import Program, parse
from llmerm.views.text import printable


def plain(text: str) -> str:
    """The text with control characters and markup made harmless."""
    return escape(printable(text))


def code(source: str) -> Text:
    """Highlighted, and never cut: a line that is too long wraps in the terminal."""
    painter = Syntax("", "python", background_color="default", word_wrap=True)
    text = painter.highlight(source.strip())
    text.rstrip()
    return text


def shortened(program: Program) -> str:
    r"""The program as shown in a table: the function to call, and its helpers by name.

    >>> print(shortened(Program("def g(x): return 1\ndef f(x): return g(x)")))
    # with g()
    def f(x): return g(x)
    """
    functions = {s.name: s for s in parse(program.source).body if isinstance(s, ast.FunctionDef)}
    if program.name not in functions:
        return program.pretty()
    entry = functions.pop(program.name)
    lines = program.pretty().splitlines()[entry.lineno - 1 : entry.end_lineno]
    helpers = ", ".join(f"{name}()" for name in functions)
    return "\n".join([f"# with {helpers}"] * bool(functions) + lines)


def number(value: float | None, form: str) -> Text:
    """The value in its format, a dash for None."""
    return Text("-" if value is None else format(value, form))
