"""A card: what a notebook shows of one value, with the style that it needs."""

from __future__ import annotations

from typing import Literal, TypeAlias

from llmerm.views.bar import Estimate, bar
from llmerm.views.style import sheet
from llmerm.views.text import html

Tone: TypeAlias = Literal["good", "fair", "poor"]


def card(head: str, *parts: str, badge: str = "", tone: Tone = "poor") -> str:
    """A framed block that looks the same in every page and changes nothing outside of itself.

    Args:
        head: what it is, as text.
        parts: what it holds, as HTML.
        badge: a word before the head.
        tone: the badge's colour.

    >>> card("3 samples").endswith("</div>")
    True
    """
    mark = f'<span class="llmerm-badge llmerm-{tone}">{html(badge)}</span>' if badge else ""
    top = f'<p class="llmerm-head">{mark}<b>{html(head)}</b></p>'
    return f'<div class="llmerm"><style>{sheet()}</style>{top}{"".join(parts)}</div>'


def line(text: str) -> str:
    """A paragraph."""
    return f'<p class="llmerm-line">{html(text)}</p>'


def note(text: str) -> str:
    """A paragraph in small print."""
    return f'<p class="llmerm-note">{html(text)}</p>'


def folded(title: str, content: str, *, open_: bool = False) -> str:
    """What opens when its title, a text, is clicked; no script is needed."""
    return f"<details{' open' * open_}><summary>{html(title)}</summary>{content}</details>"


def scale(estimate: Estimate, *, top: float, told: str) -> str:
    """The picture of an estimate, its scale's ends, and what it says in words."""
    ends = f'<div class="llmerm-ends"><span>0</span><span>{top:.3g}</span></div>'
    return f'<div class="llmerm-scale">{bar(estimate, top=top, told=told)}{ends}</div>{note(told)}'
