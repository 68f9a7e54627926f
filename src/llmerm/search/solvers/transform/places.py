"""What a cut at a fixed place costs more where it falls between words by what seems an accident."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

SURCHARGE = 7.0
"""Bits added: a cut at a separator, written as a place, would go wrong where words are longer."""

CUTS: Mapping[str, Callable[..., tuple[int, ...]]] = {
    "first character": lambda: (1,),
    "last character": lambda: (-1,),
    "prefix": lambda size: (size,),
    "suffix": lambda size: (-size,),
    "from": lambda size: (size,),
    "all but last": lambda size: (-size,),
    "slice": lambda start, size: (start, start + size),
}
"""Where the operators with fixed places cut, from the left or (below 0) from the right."""

WHOLE_WORDS = ("first character", "last character")
"""Cuts after one character count here: a word of one letter is a word."""


def surcharge(name: str, constants: Sequence[Any], values: Sequence[Any]) -> float:
    """The bits added to an operator with fixed places, given the texts that it cuts.

    None where all texts have the same shape, as codes and dates do, nor where a single character
    is cut off, such as a sign before a number.

    >>> surcharge("prefix", (4,), ["Mr. Fox", "Dr. No"])
    7.0
    >>> surcharge("prefix", (4,), ["2024-01-02", "1999-12-31"])
    0.0
    """
    if name not in CUTS:
        return 0.0
    cuts = [cut for cut in CUTS[name](*constants) if abs(cut) > 1 or name in WHOLE_WORDS]
    accident = any(all(_between(text, cut) for text in values) for cut in cuts)
    return SURCHARGE if accident and len(set(map(shape, values))) > 1 else 0.0


def shape(text: str) -> str:
    """The text with 0 for each digit and a for each letter.

    >>> shape("A-17")
    'a-00'
    """
    return "".join(map(_class, text))


def _class(character: str) -> str:
    if character.isdigit():
        return "0"
    return "a" if character.isalpha() else character


def _between(text: str, cut: int) -> bool:
    """True if the characters on both sides of a cut are of different classes."""
    place = cut if cut > 0 else len(text) + cut
    return 0 < place < len(text) and _class(text[place - 1]) != _class(text[place])
