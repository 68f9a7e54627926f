"""Constants and what they cost: a prefix code for each family of literals.

A code's lengths obey Kraft's inequality, so 2**-bits is a probability (or a part of one).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

T = TypeVar("T")


def gamma(n: int) -> int:
    """The bits of n >= 1 in the Elias gamma code (Elias 1975): 1, 3, 3, 5, 5, 5, 5, 7, ...

    >>> [gamma(n) for n in (1, 2, 3, 4, 100)]
    [1, 3, 3, 5, 13]
    """
    return 2 * n.bit_length() - 1


class Literals(ABC, Generic[T]):
    """A family of constants of one type.

    The law: the sum of 2**-bits(v) over all values v is at most 1.
    """

    kind: str = "int"
    """The name of the kind of block that holds the values."""

    @abstractmethod
    def bits(self, value: T) -> float:
        """The length of the constant's code."""

    def values(self, limit: float) -> Iterator[T]:
        """The constants of at most `limit` bits that plain enumeration tries; by default none."""
        del limit
        return iter(())

    def source(self, value: T) -> str:
        """The constant as Python."""
        return repr(value)


@dataclass(frozen=True)
class Programs(Literals[None]):
    """Stands for a program over a part of the input; the search that finds it counts its bits."""

    kind: str = "none"

    def bits(self, value: None) -> float:
        """Nothing, as there is but one."""
        del value
        return 0.0


@dataclass(frozen=True)
class Naturals(Literals[int]):
    """The integers from `first` on, by the Elias gamma code."""

    first: int = 0

    def bits(self, value: int) -> float:
        """The length of the code."""
        return gamma(value - self.first + 1)

    def values(self, limit: float) -> Iterator[int]:
        """The cheap ones."""
        value = self.first
        while self.bits(value) <= limit:
            yield value
            value += 1


@dataclass(frozen=True)
class Decimals(Literals[float]):
    """Numbers m * 10**e, m no multiple of 10, as m and e in gamma codes: round numbers are cheap.

    One bit tells 0 from the others.

    Attributes:
        signed: whether negative numbers belong.
        whole: whether the numbers are integers (e >= 0) or floats.
    """

    signed: bool = False
    whole: bool = True

    @property
    def kind(self) -> str:  # type: ignore[override]
        """The type that holds them."""
        return "int" if self.whole else "float"

    def bits(self, value: float) -> float:
        """The length of the code."""
        if value == 0:
            return 1
        mantissa, exponent = self._scientific(value)
        place = exponent if self.whole else 2 * abs(exponent) + (exponent > 0)
        return 1 + gamma(abs(mantissa)) + gamma(place + 1) + self.signed

    def values(self, limit: float) -> Iterator[float]:
        """The cheap ones."""
        yield 0 if self.whole else 0.0
        for exponent in range(-9 * (not self.whole), 10):
            mantissa = 1
            while self.bits(value := self._number(mantissa, exponent)) <= limit:
                if mantissa % 10:
                    yield value
                    yield from [-value] * self.signed
                mantissa += 1

    def _number(self, mantissa: int, exponent: int) -> float:
        return mantissa * 10**exponent if self.whole else float(f"{mantissa}e{exponent}")

    def cheapest(self, low: float, high: float) -> float | None:
        """The cheapest number c with low < c <= high, or None where the family has none."""
        found = [
            v
            for e in range(-12 * (not self.whole), 20)
            if (v := _multiple_between(low, high, e, whole=self.whole)) is not None
            and (self.signed or v >= 0)
        ]
        return min(found, key=lambda v: (self.bits(v), abs(v)), default=None)

    def _scientific(self, value: float) -> tuple[int, int]:
        digits, _, exponent = f"{value:.15e}".partition("e")
        if self.whole:
            digits, exponent = str(value), "0"
            digits = digits.rstrip("0")
            return int(digits), len(str(value)) - len(digits)
        digits = digits.rstrip("0").rstrip(".")
        places = len(digits.partition(".")[2])
        return int(digits.replace(".", "")), int(exponent) - places


def _multiple_between(low: float, high: float, e: int, *, whole: bool) -> float | None:
    """The multiple of 10**e in (low, high] that is next to 0, or None."""
    unit = 10.0**e
    if low < 0 <= high:
        return 0 if whole else 0.0
    mantissa = math.floor(low / unit) + 1 if low >= 0 else math.floor(high / unit)
    value = mantissa * 10**e if whole else float(f"{mantissa}e{e}")
    return value if low < value <= high else None


@dataclass(frozen=True)
class Choices(Literals[str]):
    """One of a fixed list of constants, all equally probable."""

    options: tuple[str, ...]
    kind: str = "char"

    def bits(self, value: str) -> float:
        """The length of the code."""
        return math.log2(len(self.options))

    def values(self, limit: float) -> Iterator[str]:
        """The cheap ones."""
        if self.options and math.log2(len(self.options)) <= limit:
            yield from self.options


@dataclass(frozen=True)
class Words(Literals[str]):
    """Strings over an alphabet: the length in the gamma code, then each character alike.

    Attributes:
        alphabet: the characters.
        likely: words known to be likely; where there are any, a first bit tells them from others.
    """

    alphabet: str
    kind: str = "str"
    likely: tuple[str, ...] = ()

    def bits(self, value: str) -> float:
        """The length of the code."""
        if value in self.likely:
            return 1 + math.log2(len(self.likely))
        return self._spelled(len(value))

    def values(self, limit: float) -> Iterator[str]:
        """The cheap ones."""
        yield from (word for word in self.likely if self.bits(word) <= limit)
        length = 1
        while self._spelled(length) <= limit:
            words = map("".join, product(self.alphabet, repeat=length))
            yield from (word for word in words if word not in self.likely)
            length += 1

    def _spelled(self, length: int) -> float:
        return bool(self.likely) + gamma(length) + length * self._each

    @property
    def _each(self) -> float:
        """A character's bits; over a single letter too, long words are dear."""
        return math.log2(max(2, len(self.alphabet)))


@dataclass(frozen=True)
class Subsets(Literals[tuple[int, ...]]):
    """Sets of at least one of `size` numbers: how many in the gamma code, then which.

    A subset of positions, `(3, 7)`, printed as a tuple.
    """

    size: int
    kind: str = "none"

    def bits(self, value: tuple[int, ...]) -> float:
        """The length of the code."""
        return gamma(len(value)) + math.log2(math.comb(self.size, len(value)))


@dataclass(frozen=True)
class WordSets(Literals[frozenset[str]]):
    """Sets of words of one length over an alphabet, printed as a set of strings."""

    alphabet: str
    kind: str = "none"

    def bits(self, value: frozenset[str]) -> float:
        """The length of the code."""
        length = len(next(iter(value)))
        choices = math.comb(len(self.alphabet) ** length, len(value))
        return gamma(length) + gamma(len(value)) + math.log2(choices)

    def source(self, value: frozenset[str]) -> str:
        """Printed in a fixed order."""
        return "{" + ", ".join(map(repr, sorted(value))) + "}"


@dataclass(frozen=True)
class PairSets(Literals[frozenset[tuple[str, str]]]):
    """Sets of pairs of words of one length, printed as a set of tuples."""

    alphabet: str
    kind: str = "none"

    def bits(self, value: frozenset[tuple[str, str]]) -> float:
        """The length of the code."""
        length = len(next(iter(value))[0])
        word = length * math.log2(len(self.alphabet))
        return gamma(length) + gamma(len(value)) + 2 * word * len(value)

    def source(self, value: frozenset[tuple[str, str]]) -> str:
        """Printed in a fixed order."""
        return "{" + ", ".join(map(repr, sorted(value))) + "}"
