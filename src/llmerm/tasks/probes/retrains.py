"""Probes that ask to learn anew from samples that something was done to."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from llmerm.samples import Samples
from llmerm.tasks.noise import noisy
from llmerm.tasks.probes.base import Retrain
from llmerm.typing import Value


@final
@dataclass(frozen=True)
class Noise(Retrain):
    """Some training labels are wrong."""

    name: ClassVar[str] = "noise"
    rate: float = 0.1

    @property
    def about(self) -> str:
        """What the probe does, in words."""
        return f"{self.rate:.0%} of the training labels are made wrong, those of the test stay"

    def changed(
        self, train: Samples, test: Samples, rng: np.random.Generator
    ) -> tuple[Samples, Samples]:
        """The training part with wrong labels, the test part as it is."""
        return _labelled(train, noisy(train.outputs, self.rate, rng)), test


@final
@dataclass(frozen=True)
class Shuffled(Retrain):
    """The control: labels that have nothing to do with their inputs."""

    name: ClassVar[str] = "shuffled"

    @property
    def about(self) -> str:
        """What the probe does, in words."""
        return "the training labels are shuffled: nothing is left to learn, chance is the best"

    def changed(
        self, train: Samples, test: Samples, rng: np.random.Generator
    ) -> tuple[Samples, Samples]:
        """The training part with its labels shuffled, the test part as it is."""
        return shuffled(train, rng), test


@final
@dataclass(frozen=True)
class Renamed(Retrain):
    """Other symbols, so that what a proposer knows of digits or columns is of no use."""

    name: ClassVar[str] = "renamed"

    @property
    def about(self) -> str:
        """What the probe does, in words."""
        return "each symbol (each column, in a table) has another name, here and in the test"

    def changed(
        self, train: Samples, test: Samples, rng: np.random.Generator
    ) -> tuple[Samples, Samples]:
        """Both parts under the same new names."""
        names = new_names((*train.inputs, *test.inputs), rng)
        first, second = (
            replace(part, inputs=tuple(renamed(x, names) for x in part.inputs))
            for part in (train, test)
        )
        return first, second


def shuffled(samples: Samples, rng: np.random.Generator) -> Samples:
    """The same inputs and the same labels, dealt out at random.

    >>> shuffled(Samples.of([("0", 0), ("1", 1)]), np.random.default_rng(0)).inputs
    ('0', '1')
    """
    order = rng.permutation(len(samples)).tolist()
    return _labelled(samples, [samples.outputs[i] for i in order])


def new_names(
    inputs: Sequence[Value], rng: np.random.Generator, taken: Iterable[str] = ()
) -> dict[str, str]:
    """Another name for each character of texts, also in lists, or for each column of rows.

    Args:
        inputs: where the symbols occur; numbers have none.
        rng: which name becomes which.
        taken: further names that no symbol may get.

    >>> len(new_names(["0110", "1"], np.random.default_rng(0)))
    2
    """
    symbols = sorted({symbol for x in inputs for symbol in _symbols(x)})
    if not symbols:
        return {}
    return dict(zip(symbols, _new_names(symbols, inputs[0], rng, taken), strict=True))


def renamed(x: Value, names: Mapping[str, str]) -> Value:
    """A value under other names; what has none keeps its own.

    >>> renamed("0110", {"0": "a", "1": "b"}), renamed({"age": 3}, {"age": "c0"})
    ('abba', {'c0': 3})
    """
    if isinstance(x, dict):
        return {names.get(column, column): cell for column, cell in x.items()}
    if isinstance(x, str):
        return "".join(names.get(symbol, symbol) for symbol in x)
    if isinstance(x, (list, tuple)):
        items = [item if isinstance(item, dict) else renamed(item, names) for item in x]
        return tuple(items) if isinstance(x, tuple) else items
    return x


def _symbols(x: Value) -> Sequence[str]:
    """The characters of a text, the columns of a table's row."""
    if isinstance(x, (list, tuple)):
        return [symbol for item in x if not isinstance(item, dict) for symbol in _symbols(item)]
    return sorted(set(x)) if isinstance(x, (str, dict)) else ()


def _new_names(
    symbols: Sequence[str], x: Value, rng: np.random.Generator, taken: Iterable[str]
) -> list[str]:
    """Letters in random order, or c0, c1, ... for columns; none of the old names."""
    old = {*symbols, *taken}
    plenty = range(2 * len(old) + len(string.ascii_lowercase))
    pool = [f"c{i}" for i in plenty] if isinstance(x, dict) else _letters(len(plenty))
    fresh = [name for name in pool if name not in old]
    least = fresh[: max(len(symbols), 0 if isinstance(x, dict) else 26)]
    return [least[i] for i in rng.permutation(len(least)).tolist()[: len(symbols)]]


def _letters(count: int) -> list[str]:
    """The 26 letters, and after them such as have an accent."""
    return [*string.ascii_lowercase, *map(chr, range(0x100, 0x100 + count))]


def _labelled(samples: Samples, labels: Sequence[Value]) -> Samples:
    return replace(samples, outputs=tuple(labels))
