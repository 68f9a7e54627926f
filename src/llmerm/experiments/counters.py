"""How many examples it takes to find a planted k-parity: three ways to look for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import combinations
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import ArgumentError, UnknownNameError
from llmerm.tasks.base import Task
from llmerm.tasks.k_parity import KParity
from llmerm.theory import simulate_parity_gap
from llmerm.typing import Value

MOST_SUBSETS = 2_000_000
"""Subsets of coordinates that empirical risk minimisation looks through."""


@dataclass(frozen=True, kw_only=True)
class Counter(ABC):
    """A way to find the coordinates of a parity, and the examples that it needs.

    The law: the same task and seed give the same count.
    """

    name: ClassVar[str]

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides the count, beside the task and the seed."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def examples(self, task: Task, *, seed: int = 0) -> int:
        """The examples that are needed to find the task's coordinates.

        Raises:
            ArgumentError: if the task is no k-parity, or too large for this way.
        """
        if not isinstance(task, KParity):
            raise ArgumentError(f"{self.name} looks for k-parities, {task.name} is none.")
        return self.count(task, np.random.Generator(np.random.PCG64([seed, task.n, task.k])))

    @abstractmethod
    def count(self, task: KParity, rng: np.random.Generator) -> int:
        """The same for a k-parity, with a generator of its own."""


@final
@dataclass(frozen=True, kw_only=True)
class CoordinateSgd(Counter):
    """Coordinate-wise online SGD, simulated as `theory.simulate_parity_gap` does.

    Attributes:
        bits: of one example's partial derivative.
        trials: runs, of which half have to succeed.
    """

    name: ClassVar[str] = "coordinate_sgd"
    bits: int = 8
    trials: int = 100

    def count(self, task: KParity, rng: np.random.Generator) -> int:
        """All coordinates' examples together."""
        (row,) = simulate_parity_gap(
            [task.n], [task.k], bits=self.bits, trials=self.trials, seed=int(rng.integers(2**31))
        )
        return row.examples


@final
@dataclass(frozen=True, kw_only=True)
class Elimination(Counter):
    """Gaussian elimination over GF(2): uniform examples until the system has one solution."""

    name: ClassVar[str] = "gf2_elimination"

    def count(self, task: KParity, rng: np.random.Generator) -> int:
        """Examples until their inputs have rank n."""
        basis: dict[int, int] = {}  # by the leading bit
        for count, row in enumerate(_rows(task.n, rng), 1):
            rest = int("".join(map(str, row.tolist())), 2)
            while rest and rest.bit_length() in basis:
                rest ^= basis[rest.bit_length()]
            if rest:
                basis[rest.bit_length()] = rest
            if len(basis) == task.n:
                return count
        raise AssertionError("the stream of rows has no end")


@final
@dataclass(frozen=True, kw_only=True)
class Erm(Counter):
    """Empirical risk minimisation: uniform examples until one k-subset alone fits them all."""

    name: ClassVar[str] = "erm"

    def count(self, task: KParity, rng: np.random.Generator) -> int:
        """Examples until no other subset is left."""
        left = _subsets(task.n, task.k)
        truth = list(task.coordinates or ())
        for count, row in enumerate(_rows(task.n, rng), 1):
            left = left[row[left].sum(axis=1) % 2 == row[truth].sum() % 2]
            if len(left) == 1:
                return count
        raise AssertionError("the stream of rows has no end")


def _rows(n: int, rng: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    while True:
        yield from rng.integers(0, 2, size=(256, n), dtype=np.uint8)


def _subsets(n: int, k: int) -> NDArray[np.intp]:
    """All k-subsets of n coordinates, one a row."""
    count = int(np.prod([(n - i) / (i + 1) for i in range(k)]).round())
    if count > MOST_SUBSETS:
        raise ArgumentError(
            f"there are {count:,} {k}-subsets of {n} coordinates, at most {MOST_SUBSETS:,} are "
            "looked through. Take a smaller n or k."
        )
    return np.array(list(combinations(range(n), k)), dtype=np.intp)


_COUNTERS = {made.name: made for made in (CoordinateSgd(), Elimination(), Erm())}


def names() -> tuple[str, ...]:
    """The names that `get` knows.

    >>> names()
    ('coordinate_sgd', 'gf2_elimination', 'erm')
    """
    return tuple(_COUNTERS)


def get(name: str) -> Counter:
    """The counter of this name.

    Raises:
        UnknownNameError: with the nearest names.

    >>> get("gf2_elimination").examples(KParity(n=10, k=2)) >= 10
    True
    """
    if name not in _COUNTERS:
        raise UnknownNameError("counter", name, _COUNTERS)
    return _COUNTERS[name]
