"""Text from anywhere, made harmless for a terminal or a page."""

from __future__ import annotations

from html import escape


def printable(text: str) -> str:
    r"""The text with escapes for what is not printable; line breaks and tabs stay.

    >>> printable("a\x1b[2J")
    'a\\x1b[2J'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


def cut(text: str, most: int) -> str:
    """The beginning of a text that is longer than `most` characters, and how long it is.

    >>> cut("0123456789", 4)
    '0123... (10 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters)"


def html(text: str, *, most: int = 2_000) -> str:
    """The text as HTML that shows it: cut, no tag of its own, nothing that cannot be printed.

    >>> html("<b>")
    '&lt;b&gt;'
    """
    return escape(printable(cut(text, most)))
