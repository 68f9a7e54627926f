"""The parts of an encoding: how the values at one place of the inputs become columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import DataError
from llmerm.losses import LARGEST
from llmerm.typing import Value
from llmerm.values import key

Matrix: TypeAlias = NDArray[np.float32]
"""Shape (samples, columns)."""


class Part(ABC):
    """The values at one place of the inputs as columns. None is a missing value: zeros."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """What each column says."""

    @abstractmethod
    def matrix(self, values: Sequence[Value]) -> Matrix:
        """The columns for these values, shape (values, names)."""


@final
@dataclass(frozen=True)
class Number(Part):
    """A number as it is; one more column tells what is missing, if training had any missing."""

    place: str
    has_missing: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The place itself, and whether it is missing."""
        return (self.place, *[f"{self.place} is missing"] * self.has_missing)

    def matrix(self, values: Sequence[Value]) -> Matrix:
        """The numbers as floats of 32 bits."""
        columns = [np.array([self._float(value) for value in values], np.float32)]
        if self.has_missing:
            columns.append(np.array([value is None for value in values], np.float32))
        return np.stack(columns, axis=1)

    def _float(self, value: Value) -> float:
        if value is None:
            return 0.0
        if not isinstance(value, int | float) or abs(value) >= _LARGEST_FLOAT:
            raise _other(self.place, value, "a number below 1e38")
        return float(value)


_LARGEST_FLOAT = min(LARGEST, 1e38)


@final
@dataclass(frozen=True)
class Category(Part):
    """Whether a value is this one or that, of those in training; a new value is all zeros."""

    place: str
    known: tuple[Value, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """One for each known value."""
        return tuple(f"{self.place} == {value!r}" for value in self.known)

    def matrix(self, values: Sequence[Value]) -> Matrix:
        """A one where the value is the column's."""
        index = {key(value): column for column, value in enumerate(self.known)}
        found = np.zeros((len(values), len(self.known)), np.float32)
        for row, value in enumerate(values):
            if (column := index.get(key(value))) is not None:
                found[row, column] = 1.0
        return found


@final
@dataclass(frozen=True)
class Characters(Part):
    """A text by its characters: for each place and character, whether it stands there.

    Where the training texts have one length and at most two characters, one column a place says
    it all. Characters beyond the longest training text are not seen.

    Attributes:
        width: the length of the longest training text.
        alphabet: the characters that count.
        has_length: whether a column has the text's length.
    """

    place: str
    width: int
    alphabet: str
    has_length: bool

    @cached_property
    def names(self) -> tuple[str, ...]:
        """One for each place and character, then the length."""
        at = (f"{self.place}[{i}] == {c!r}" for i in range(self.width) for c in self.alphabet)
        return (*at, *[f"len({self.place})"] * self.has_length)

    def matrix(self, values: Sequence[Value]) -> Matrix:
        """Ones where the characters stand."""
        texts = [self._text(value) for value in values]
        codes = character_codes(texts, self.width)
        wanted = np.array([ord(c) for c in self.alphabet], np.uint32)
        there: Matrix = (codes[:, :, None] == wanted).astype(np.float32)
        there = there.reshape(len(texts), self.width * len(self.alphabet))
        if not self.has_length:
            return there
        lengths = np.array([len(text) for text in texts], np.float32)
        return np.hstack([there, lengths[:, None]])

    def _text(self, value: Value) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _other(self.place, value, "text")
        return value


def character_codes(texts: Sequence[str], width: int) -> NDArray[np.uint32]:
    """The code points of the first `width` characters, shape (texts, width), 0 after the end."""
    if width == 0:
        return np.zeros((len(texts), 0), np.uint32)
    codes: NDArray[np.uint32] = np.array(texts, f"U{width}").view(np.uint32)
    return codes.reshape(len(texts), width)


@final
@dataclass(frozen=True)
class Places(Part):
    """A list or tuple by its places; those beyond the longest training list are not seen."""

    place: str
    parts: tuple[Part, ...]
    has_length: bool

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Those of each place, then the length."""
        inner = (name for part in self.parts for name in part.names)
        return (*inner, *[f"len({self.place})"] * self.has_length)

    def matrix(self, values: Sequence[Value]) -> Matrix:
        """The columns of each place side by side."""
        items = [self._items(value) for value in values]
        blocks = [part.matrix(nth(items, i)) for i, part in enumerate(self.parts)]
        if self.has_length:
            blocks.append(np.array([[len(item)] for item in items], np.float32).reshape(-1, 1))
        return beside(blocks, len(values))

    def _items(self, value: Value) -> Sequence[Value]:
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise _other(self.place, value, "a list or a tuple")
        return value


def nth(items: Sequence[Sequence[Value]], i: int) -> list[Value]:
    """The item at place `i` of each, None where it is too short."""
    return [item[i] if i < len(item) else None for item in items]


@final
@dataclass(frozen=True)
class Fields(Part):
    """A row by its fields; a field that no training row has is not seen."""

    place: str
    parts: tuple[tuple[str, Part], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Those of each field."""
        return tuple(name for _, part in self.parts for name in part.names)

    def matrix(self, values: Sequence[Value]) -> Matrix:
        """The columns of each field side by side."""
        rows = [self._row(value) for value in values]
        blocks = [part.matrix([row.get(name) for row in rows]) for name, part in self.parts]
        return beside(blocks, len(values))

    def _row(self, value: Value) -> dict[str, Value]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise _other(self.place, value, "a row (a dict)")
        return value


def beside(blocks: Sequence[Matrix], rows: int) -> Matrix:
    """The blocks side by side; no block is no column."""
    return np.hstack([np.zeros((rows, 0), np.float32), *blocks])


def _other(place: str, value: Value, expected: str) -> DataError:
    return DataError(f"{place} is {value!r:.60}, expected {expected}, as in the training samples.")
