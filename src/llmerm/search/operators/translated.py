"""Operators that replace each character of a text by another, for texts as labels."""

from __future__ import annotations

import math
import string
from collections.abc import Iterator
from dataclasses import dataclass

from llmerm.search.helpers import rotated
from llmerm.search.literals import Choices, Literals, gamma
from llmerm.search.op import Op

RINGS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)

TRANSLATED = (
    Op("rotated", "str", ("str", "ring", "place"), "rotated({0}, {1}, {2})", helpers=(rotated,)),
    Op(
        "mirrored",
        "str",
        ("str", "ring"),
        "{0}.translate(str.maketrans({1}, {1}[::-1]))",
        weight=0.5,
    ),
    Op("translated", "str", ("str", "table"), "{0}.translate({1})"),
)


@dataclass(frozen=True)
class Rings(Choices):
    """Characters in a circle; only solvers use them."""

    options: tuple[str, ...] = RINGS
    kind: str = "none"

    def values(self, limit: float) -> Iterator[str]:
        """None: a solver finds the ring."""
        del limit
        return iter(())


@dataclass(frozen=True)
class Tables(Literals[tuple[str, str]]):
    """Characters and what replaces each, `("ab", "xy")`, printed as `str.maketrans('ab', 'xy')`.

    How many in the gamma code, which of the alphabet, and then, after a bit that says whether
    all are of the alphabet too, the others: of 7 bits, or 21 beyond ASCII, and a bit to say so.
    """

    alphabet: str
    kind: str = "none"

    def bits(self, value: tuple[str, str]) -> float:
        """The length of the code."""
        before, after = value
        which = gamma(len(before)) + math.log2(math.comb(len(self.alphabet), len(before)))
        if set(after) <= set(self.alphabet):
            return which + 1 + len(after) * math.log2(max(2, len(self.alphabet)))
        return which + 1 + sum(8 if c.isascii() else 22 for c in after)

    def source(self, value: tuple[str, str]) -> str:
        """The call that makes the table."""
        return f"str.maketrans({value[0]!r}, {value[1]!r})"
