"""Inputs of any kind as a float matrix with named columns, for learners that take nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias, cast, final

import numpy as np

from llmerm.baselines.columns import (
    Category,
    Characters,
    Fields,
    Matrix,
    Number,
    Part,
    Places,
    character_codes,
    nth,
)
from llmerm.errors import DataError
from llmerm.typing import Value
from llmerm.values import key

MOST_COLUMNS = 20_000
"""An input may become at most so many columns."""
MOST_CHARACTERS = 64
"""The most frequent characters of the training texts count, at most so many."""
MOST_CATEGORIES = 32
"""A text inside a list or a row is one of a few, up to so many; else it is read by character."""

Kind: TypeAlias = Literal["number", "text", "list", "row"]


@final
@dataclass(frozen=True)
class Encoding:
    """How inputs become rows of numbers, decided on the training inputs alone.

    Texts become their characters place by place, numbers stay, lists and tuples are padded to the
    longest in training, rows go by field. What is longer than anything in training is cut: a
    learner over fixed columns cannot see the rest.

    >>> Encoding.of(["01", "10"]).matrix(["11"]).tolist()
    [[1.0, 1.0]]
    >>> Encoding.of([{"age": 3, "pet": "cat"}, {"age": 5, "pet": "dog"}]).names
    ('age', "pet == 'cat'", "pet == 'dog'")
    """

    part: Part

    @classmethod
    def of(cls, inputs: Sequence[Value]) -> Self:
        """The encoding for inputs such as these.

        Raises:
            DataError: if they are of several kinds, or become no column or more than 20,000.
        """
        part = _part("x", inputs, inside=False)
        if not 0 < len(part.names) <= MOST_COLUMNS:
            raise DataError(
                f"the inputs become {len(part.names):,} columns, expected 1 to {MOST_COLUMNS:,}. "
                "Give inputs that differ, are shorter, or have fewer fields."
            )
        return cls(part)

    @property
    def names(self) -> tuple[str, ...]:
        """What each column says."""
        return self.part.names

    def matrix(self, inputs: Sequence[Value]) -> Matrix:
        """One row per input, shape (inputs, columns).

        Raises:
            DataError: if an input is of another kind than those in training.
        """
        return self.part.matrix(inputs)


def _part(place: str, values: Sequence[Value], *, inside: bool = True) -> Part:
    kinds = {_kind(value) for value in values if value is not None}
    if len(kinds) != 1 or (inside and kinds == {"text"} and _are_few(values)):
        return _category(place, values)
    (kind,) = kinds
    if kind == "number":
        return Number(place, None in values)
    if kind == "text":
        return _characters(place, [cast("str", value or "") for value in values])
    if kind == "list":
        return _places(place, [cast("list[Value]", value or []) for value in values])
    return _fields(place, [cast("dict[str, Value]", value or {}) for value in values], inside)


def _kind(value: Value) -> Kind:
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "row" if isinstance(value, dict) else "list"


def _are_few(values: Sequence[Value]) -> bool:
    return len(set(map(key, values))) <= MOST_CATEGORIES


def _category(place: str, values: Sequence[Value]) -> Category:
    if not _are_few(values):
        shown = ", ".join(sorted({type(value).__name__ for value in values}))
        raise DataError(
            f"{place} has more than {MOST_CATEGORIES} values of the types {shown}, expected one "
            "type. Convert them."
        )
    distinct = {key(value): value for value in values}
    return Category(place, tuple(distinct[name] for name in sorted(distinct)))


def _characters(place: str, texts: Sequence[str]) -> Characters:
    lengths = set(map(len, texts))
    varying, width = len(lengths) > 1, max(lengths)
    codes, counts = np.unique(character_codes(texts, width), return_counts=True)
    found = {chr(c): -n for c, n in zip(codes.tolist(), counts.tolist(), strict=True) if c}
    kept = sorted(sorted(found, key=lambda c: (found[c], c))[:MOST_CHARACTERS])
    alone = len(found) <= 2 and not varying
    return Characters(place, width, "".join(kept[-1:] if alone else kept), varying)


def _places(place: str, lists: Sequence[Sequence[Value]]) -> Places:
    lengths = Counter(map(len, lists))
    parts = (_part(f"{place}[{i}]", nth(lists, i)) for i in range(max(lengths)))
    return Places(place, tuple(_within(parts)), len(lengths) > 1)


def _fields(place: str, rows: Sequence[dict[str, Value]], inside: bool) -> Fields:
    names = list(dict.fromkeys(name for row in rows for name in row))
    places = [f"{place}[{name!r}]" if inside else name for name in names]
    parts = (
        _part(at, [row.get(name) for row in rows]) for at, name in zip(places, names, strict=True)
    )
    return Fields(place, tuple(zip(names, _within(parts), strict=False)))


def _within(parts: Iterable[Part]) -> Iterable[Part]:
    """The parts, no more of them than there may be columns."""
    columns = 0
    for part in parts:
        yield part
        columns += len(part.names)
        if columns > MOST_COLUMNS:
            return
