"""Other names for columns, letters and classes, and the way back."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from llmerm.proposers.literals import MANY
from llmerm.proposers.translation import translated
from llmerm.samples import Samples
from llmerm.typing import Value


@dataclass(frozen=True)
class Renaming:
    """What is called how. Whatever it does not list keeps its name.

    Attributes:
        letters: each letter's replacement in strings, by code point.
        names: the names of columns: the keys of inputs that are dicts.
        inner: the names of keys inside of inputs; `names`, if there are any.
        classes: the names of labels that are words. Without, labels have other letters.
    """

    letters: dict[int, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    inner: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, samples: Samples, seed: int = 0) -> Renaming:
        """Other names for the samples; the same ones for the same samples and seed.

        >>> Renaming.of(Samples.of([({"age": 30}, "old"), ({"age": 3}, "young")])).classes
        {'old': 'k1', 'young': 'k2'}
        """
        names = _numbered("c", dict.fromkeys(_keys(samples.inputs)))
        nested = any(True for x in samples.inputs for _ in _keys(_parts(x)))
        classes = _classes(samples)
        texts = list(_texts(samples.inputs if classes else (*samples.inputs, *samples.outputs)))
        return cls(_letters(texts, seed), names, names if nested else {}, classes)

    def renamed(self, x: Value) -> Value:
        """An input under its other names."""
        return cast("Value", translated(x, self.letters, self.names, self.inner))

    def hidden(self, y: Value) -> Value:
        """A label under its other names."""
        if self.classes:
            return self.classes.get(y, y) if isinstance(y, str) else y
        return cast("Value", translated(y, self.letters, {}, {}))

    def shown(self, y: Value) -> Value:
        """The label that `hidden` has renamed, or a prediction, under its own names."""
        return self.back.hidden(y)

    @cached_property
    def back(self) -> Renaming:
        """The way back."""
        letters = {ord(new): chr(old) for old, new in self.letters.items()}
        return Renaming(letters, *map(_inverse, (self.names, self.inner, self.classes)))


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
    if any(map(str.isascii, seen)):
        lower = _cycle(list(string.ascii_lowercase), rng)
        upper = {old.upper(): new.upper() for old, new in lower.items()}
        table |= lower | upper
    return {ord(old): new for old, new in table.items()}


def _cycle(letters: list[str], rng: random.Random) -> dict[str, str]:
    """A permutation in which no letter stays, as long as there are two."""
    rng.shuffle(letters)
    return dict(zip(letters, letters[1:] + letters[:1], strict=True))
