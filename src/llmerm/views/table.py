"""Tables out of cells that are HTML already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llmerm.views.text import html


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "") -> str:
    """A table that scrolls sideways where it is too wide.

    Args:
        heads: the columns' names, as text.
        rows: one cell a column, as HTML.
        caption: what it shows, as text.

    >>> table(["n"], [["<b>1</b>"]]).count("<td>")
    1
    """
    head = "".join(f"<th>{html(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    told = f"<caption>{html(caption)}</caption>" if caption else ""
    return (
        f'<div class="llmerm-scroll"><table class="llmerm-table">{told}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A table of names and values, both text.

    >>> facts([("seed", "0")]).count("<tr>")
    1
    """
    rows = "".join(f"<tr><th>{html(name)}</th><td>{html(value)}</td></tr>" for name, value in pairs)
    return f'<table class="llmerm-facts"><tbody>{rows}</tbody></table>'
