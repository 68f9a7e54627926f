"""Text that a candidate wrote, made safe to show."""

from __future__ import annotations


def clean(text: str) -> str:
    r"""`text` cut to 200 characters, on one line, that are safe to print.

    >>> clean("a\x1b[2J\nb")
    'a [2J b'
    """
    return "".join(c if c.isprintable() else " " for c in text[:200]).strip()
