"""Constants of programs on text, and what they cost: separators, places from both ends, words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from llmerm.search.literals import Literals, gamma

PUNCTUATION = " ,.-/:()@_;'\"#&+*|=!?%$\n\t<>[]{}\\~^`"
"""The characters that commonly stand between words; 36 of them."""


def character_bits(character: str) -> float:
    """The bits of one character: 6 for punctuation, 8 for ASCII, 23 for any other.

    Capitals and digits cost 2 more: in labels they come from the inputs more often than not.

    >>> [character_bits(c) for c in "-aAé"]
    [6.25, 8.0, 10.0, 23.0]
    """
    if character in PUNCTUATION:
        return 6.25  # a first bit 0, and one of 36
    if ord(character) >= 128:
        return 23.0  # 11 and 21 bits
    return 8.0 + 2 * (character.isupper() or character.isdigit())  # at least 1 and 7 bits


def text_bits(text: str) -> float:
    """The bits of a text of any length: the length in the gamma code, then its characters."""
    return gamma(len(text) + 1) + sum(map(character_bits, text))


def table_bits(entries: Sequence[str], known: str) -> float:
    """The bits of a table's entries, a character each, given the characters that inputs have.

    Characters that no input has are named first.

    >>> table_bits(["0", "1", "1"], "0110"), table_bits(["-", "1"], "1")
    (4.0, 11.25)
    """
    new = set(entries) - set(known)
    named = gamma(len(new) + 1) + sum(map(character_bits, new))
    return named + len(entries) * math.log2(max(2, len(set(known) | new)))


WITHIN_WORDS = 4.0
"""Bits added to a likely text with letters or digits: that the inputs share it may be chance."""


@dataclass(frozen=True)
class Phrases(Literals[str]):
    """Texts, of which a few are known to be likely, such as the separators that the inputs have.

    Attributes:
        likely: these cost a bit, and which of them, and those with letters or digits 4 bits more.
            All other texts cost a bit and their characters.
    """

    likely: tuple[str, ...] = ()
    kind: str = "str"

    def bits(self, value: str) -> float:
        """The length of the code."""
        if value in self.likely:
            dear = WITHIN_WORDS if any(map(str.isalnum, value)) else 0.0
            return 1 + math.log2(len(self.likely)) + dear
        return text_bits(value) + bool(self.likely)


@dataclass(frozen=True)
class Places(Literals[int]):
    """Places in a list, from either end: the first and the last are cheap.

    A bit for the end, then the gamma code of the distance to it; three quarters of a bit for the
    left, and one and a half for the right.
    """

    def bits(self, value: int) -> float:
        """The length of the code."""
        return 0.75 + gamma(value + 1) if value >= 0 else 1.5 + gamma(-value)


@dataclass(frozen=True)
class Patterns(Literals[str]):
    """Regular expressions out of a fixed table, with a weight each."""

    table: tuple[tuple[str, float], ...]
    kind: str = "str"

    def bits(self, value: str) -> float:
        """The length of the code."""
        weights = dict(self.table)
        return math.log2(sum(weights.values()) / weights[value])


TOKENS = Patterns(
    (
        ("[0-9]+", 4),
        ("[A-Za-z]+", 3),
        ("[A-Z][a-z]+", 1),
        ("[A-Z]+", 1),
        ("[a-z]+", 1),
        (r"\w+", 2),
        (r"\d+\.?\d*", 1),
        (r"-?\d+", 1),
        (r"\S+", 0.5),
        (r"\([^)]*\)", 0.5),
        (r"[^()]+", 0.5),
    )
)
"""What a piece of text may be: a number, a word, a word with a capital, ..."""

CLASSES = Patterns(
    (
        ("[0-9]", 3),
        ("[A-Za-z]", 2),
        ("[A-Z]", 2),
        ("[a-z]", 1),
        ("[A-Za-z0-9]", 1),
        ("[aeiouAEIOU]", 1),
        (r"\s", 1),
        (r"\W", 1),
    )
)
"""Classes of characters that are kept or dropped."""
