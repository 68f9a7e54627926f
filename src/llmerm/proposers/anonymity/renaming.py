"""Other names for columns, letters and classes, and the way back."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from llmerm.proposers.anonymity.translation import translated
from llmerm.proposers.literals import MANY
from llmerm.samples import Samples
from llmerm.typing import Value


@dataclass(frozen=True)
class Renaming:
    """What is called how. Whatever it does not list keeps its name.

    Attributes:
        letters: each letter's replacement in the strings of inputs, by code point.
        names: the names of columns: the keys of inputs that are dicts.
        inner: the names of keys inside of inputs; `names`, if there are any.
        classes: the names of labels that are words.
        label_letters: as `letters`, for labels that are not words, or hold strings.
        flat: whether inputs are rows or single values, and labels single values.
    """

    letters: dict[int, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    inner: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    label_letters: dict[int, str] = field(default_factory=dict)
    flat: bool = True

    @classmethod
    def of(cls, samples: Samples, seed: int = 0) -> Renaming:
        """Other names for the samples; the same ones for the same samples and seed.

        >>> Renaming.of(Samples.of([({"age": 30}, "old"), ({"age": 3}, "young")])).classes
        {'old': 'k1', 'young': 'k2'}
        """
        names = _numbered("c", dict.fromkeys(_keys(samples.inputs)))
        nested = any(True for x in samples.inputs for _ in _keys(_parts(x)))
        classes = _classes(samples)
        labels = () if classes else tuple(_texts(samples.outputs))
        letters = _letters([*_texts(samples.inputs), *labels], seed)
        inner, label_letters = names if nested else {}, letters if labels else {}
        return cls(letters, names, inner, classes, label_letters, _is_flat(samples))

    def renamed(self, x: Value) -> Value:
        """An input under its other names."""
        return cast("Value", translated(x, self.letters, self.names, self.inner))

    def hidden(self, y: Value) -> Value:
        """A label under its other names."""
        if self.classes:
            return self.classes.get(y, y) if isinstance(y, str) else y
        if self.flat and not isinstance(y, str):
            return y
        return cast("Value", translated(y, self.label_letters, {}, {}))

    def shown(self, y: Value) -> Value:
        """The label that `hidden` has renamed, or a prediction, under its own names."""
        return self.back.hidden(y)

    @cached_property
    def back(self) -> Renaming:
        """The way back."""
        names, inner, classes = map(_inverse, (self.names, self.inner, self.classes))
        letters, label_letters = map(_letters_back, (self.letters, self.label_letters))
        return Renaming(letters, names, inner, classes, label_letters, self.flat)


def _letters_back(letters: dict[int, str]) -> dict[int, str]:
    return {ord(new): chr(old) for old, new in letters.items()}


def _is_flat(samples: Samples) -> bool:
    rows = [isinstance(x, dict) for x in samples.inputs]
    single = all(map(_is_single, samples.inputs))
    cells = (cell for x in samples.inputs for cell in _parts(x))
    of_rows = all(rows) and all(map(_is_single, cells))
    return (single or of_rows) and all(map(_is_single, samples.outputs))


def _is_single(value: Value) -> bool:
    return not isinstance(value, list | tuple | dict)


def _inverse(names: dict[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}


def _numbered(prefix: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{prefix}{number}" for number, name in enumerate(names, 1)}


def _parts(value: Value) -> Sequence[Value]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list | tuple) else ()


def _keys(values: Iterable[Value]) -> Iterator[str]:
    """All keys of dicts in the values, at any depth."""
    for value in values:
        if isinstance(value, dict):
            yield from value
        yield from _keys(_parts(value))


def _texts(values: Iterable[Value]) -> Iterator[str]:
    """All strings in the values, at any depth, keys left out."""
    for value in values:
        if isinstance(value, str):
            yield value
        yield from _texts(_parts(value))


def _classes(samples: Samples) -> dict[str, str]:
    """Names for labels that are a few words, unless they are made of the inputs' own letters."""
    words = sorted({y for y in samples.outputs if isinstance(y, str)})
    letters = set(filter(str.isalpha, "".join(words)))
    mixed = any(not isinstance(y, str | None) for y in samples.outputs)
    if mixed or not letters or len(words) > MANY:
        return {}
    texts = [x for x in samples.inputs if isinstance(x, str)]
    if len(texts) == len(samples) and letters <= set().union(*texts):
        return {}
    return _numbered("k", words)


def _letters(texts: Sequence[str], seed: int) -> dict[int, str]:
    """Another letter for each: of its case for the Latin alphabet, among those seen for others."""
    seen = set(filter(str.isalpha, "".join(texts)))
    rng = random.Random(seed)
    table = _cycle([letter for letter in sorted(seen) if not letter.isascii()], rng)
    lower = _cycle(list(string.ascii_lowercase), rng)
    if seen & set(string.ascii_lowercase):
        table |= lower
    if seen & set(string.ascii_uppercase):
        table |= {old.upper(): new.upper() for old, new in lower.items()}
    return {ord(old): new for old, new in table.items()}


def _cycle(letters: list[str], rng: random.Random) -> dict[str, str]:
    """A permutation in which no letter stays, as long as there are two."""
    rng.shuffle(letters)
    return dict(zip(letters, letters[1:] + letters[:1], strict=True))
