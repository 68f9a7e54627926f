"""The grammar's literals as GBNF: what a constant of each family may look like."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from llmerm.search.literals import Choices, Decimals, Literals, Naturals, Subsets, Words

LARGEST_WORD = 16
MOST_DIGITS = 10
MOST_PLACES = 16
CHEAP_BITS = 7.0
"""Of a family without a form of its own, the constants up to this many bits are listed."""


@singledispatch
def form(family: Literals[Any]) -> str | None:
    """The right side of a GBNF rule for the constants, or None where there is none to write.

    >>> form(Naturals(1))
    '[1-9] | [1-9] [0-9]{1,9}'
    """
    return listed([family.source(value) for value in family.values(CHEAP_BITS)])


@form.register
def _naturals(family: Naturals) -> str | None:
    if family.first > 9:
        return listed([str(value) for value in range(family.first, family.first + 100)])
    return f"[{family.first}-9] | [1-9] [0-9]{{1,{MOST_DIGITS - 1}}}"


@form.register
def _decimals(family: Decimals) -> str | None:
    whole = f'("0" | [1-9] [0-9]{{0,{MOST_DIGITS - 1}}})'
    sign = '"-"? ' if family.signed else ""
    return sign + whole + ("" if family.whole else f' "." [0-9]{{1,{MOST_DIGITS}}}')


@form.register
def _choices(family: Choices) -> str | None:
    return listed([family.source(option) for option in family.options])


@form.register
def _words(family: Words) -> str | None:
    letters = listed(["\\'" if c == "'" else repr(c)[1:-1] for c in family.alphabet])
    return f'"\'" ({letters}){{1,{LARGEST_WORD}}} "\'"'


@form.register
def _subsets(family: Subsets) -> str | None:
    """A tuple of places; one alone keeps its comma."""
    place = f"({listed([str(place) for place in range(family.size)])})"
    return f'"(" {place} ("," | (", " {place}){{1,{MOST_PLACES - 1}}}) ")"'


def listed(texts: list[str]) -> str | None:
    """The texts as alternatives; None where there is none."""
    return " | ".join(map(quoted, texts)) or None


def quoted(text: str) -> str:
    r"""The text as a GBNF string.

    >>> print(quoted('a "b"'))
    "a \"b\""
    """
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'
