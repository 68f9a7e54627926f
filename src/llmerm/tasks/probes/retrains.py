"""Probes that ask to learn anew from samples that something was done to."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
        order = rng.permutation(len(train)).tolist()
        return _labelled(train, [train.outputs[i] for i in order]), test


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
        symbols = sorted({symbol for x in (*train.inputs, *test.inputs) for symbol in _symbols(x)})
        names = dict(zip(symbols, _new_names(symbols, train.inputs[0], rng), strict=True))
        first, second = (
            Samples(tuple(_renamed(x, names) for x in part.inputs), part.outputs, name=part.name)
            for part in (train, test)
        )
        return first, second


def _symbols(x: Value) -> Sequence[str]:
    """The characters of a text, the columns of a table's row."""
    return sorted(set(x)) if isinstance(x, (str, dict)) else ()


def _new_names(symbols: Sequence[str], x: Value, rng: np.random.Generator) -> list[str]:
    """Letters in random order, or c0, c1, ... for columns; none of the old names."""
    plenty = range(2 * len(symbols) + len(string.ascii_lowercase))
    pool = [f"c{i}" for i in plenty] if isinstance(x, dict) else _letters(len(plenty))
    fresh = [name for name in pool if name not in symbols]
    least = fresh[: max(len(symbols), 0 if isinstance(x, dict) else 26)]
    return [least[i] for i in rng.permutation(len(least)).tolist()[: len(symbols)]]


def _letters(count: int) -> list[str]:
    """The 26 letters, and after them such as have an accent."""
    return [*string.ascii_lowercase, *map(chr, range(0x100, 0x100 + count))]


def _renamed(x: Value, names: Mapping[str, str]) -> Value:
    if isinstance(x, dict):
        return {names[column]: cell for column, cell in x.items()}
    return "".join(names[symbol] for symbol in x) if isinstance(x, str) else x


def _labelled(samples: Samples, labels: Sequence[Value]) -> Samples:
    return Samples(samples.inputs, tuple(labels), name=samples.name)
