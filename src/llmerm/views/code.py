"""Programs as a page shows them: highlighted, and harmless whatever they say."""

from __future__ import annotations

from llmerm.views.text import cut, printable

MOST = 20_000
"""Characters of a program that are shown."""


def code(source: str, *, most: int = MOST) -> str:
    """A block with the source: highlighted, cut if it is long, with escapes for control characters.

    >>> code("def f(x): return x")[:34]
    '<pre class="llmerm-code"><span cla'
    """
    from pygments import highlight  # here, as fits do without: it takes a while to load
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    shown = printable(cut(source.strip(), most))
    painted: str = highlight(shown, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<pre class="llmerm-code">{painted}</pre>'
