"""Coordinate-wise online mini-batch SGD on a small network, example by example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import ArgumentError
from llmerm.theory.bounds import check_parity

Floats: TypeAlias = NDArray[np.float64]

TESTED = 2_000
"""Fresh examples on which the accuracy is taken; they are not counted."""

EVERY = 4_000
"""The fresh examples between two looks at the accuracy."""


@dataclass(frozen=True)
class NetworkRun:
    """How accurate the network was after how many fresh examples.

    Attributes:
        examples: drawn so far, at each look: every 4,000 of them, and at the end.
        accuracies: on 2,000 other examples, at each look.
    """

    examples: tuple[int, ...]
    accuracies: tuple[float, ...]

    def needed(self, accuracy: float) -> int | None:
        """The examples at the first look with this accuracy; None if there was none."""
        looks = zip(self.examples, self.accuracies, strict=True)
        return next((seen for seen, reached in looks if reached >= accuracy), None)


@dataclass(frozen=True)
class _Network:
    """sum_j out_j relu(x . inner_j): one row a unit; the last input is a constant 1."""

    inner: Floats
    out: Floats

    def hidden(self, x: Floats) -> Floats:
        return np.maximum(x @ self.inner.T, 0.0)

    def derivatives(self, x: Floats, y: Floats, place: int) -> Floats:
        """That of each example's hinge loss by one of the parameters, shape (examples,)."""
        hidden = self.hidden(x)
        missed = -y * (y * (hidden @ self.out) < 1)
        unit, column = divmod(place, x.shape[1] + 1)
        if column == x.shape[1]:
            return missed * hidden[:, unit]
        slope: Floats = missed * self.out[unit] * (hidden[:, unit] > 0) * x[:, column]
        return slope

    def move(self, place: int, by: float) -> None:
        unit, column = divmod(place, self.inner.shape[1] + 1)
        if column == self.inner.shape[1]:
            self.out[unit] += by
        else:
            self.inner[unit, column] += by


def network_sgd(
    n: int,
    k: int,
    *,
    bits: int = 8,
    width: int = 16,
    batch: int = 32,
    rate: float = 0.3,
    examples: int = 500_000,
    accuracy: float = 0.95,
    seed: int = 0,
) -> NetworkRun:
    """One run of the algorithm of the query bound, on a planted k-parity and a ReLU network.

    Each step draws one parameter at random and a fresh mini-batch, takes of every example the
    partial derivative of its hinge loss by that parameter alone, clipped to [-1, 1] and rounded
    at random to one of 2**bits values (so that its mean stays), and moves the parameter by `rate`
    times the mean. It is one such learner, and no lower bound.

    Args:
        n: bits of an input, uniform as -1 and 1.
        k: how many of them the parity is over; which ones does not matter.
        bits: of one example's derivative.
        width: hidden units.
        batch: fresh examples a step.
        rate: the step size.
        examples: where to stop at the latest.
        accuracy: where to stop.
        seed: of the start and of all draws.

    Raises:
        ArgumentError: if k is not from 1 to n, another number is not above 0, or there are
            fewer examples than a batch.

    >>> run = network_sgd(4, 2)
    >>> run.accuracies[-1] > 0.95 and run.needed(0.95) == run.examples[-1]
    True
    """
    check_parity(n, k)
    _check(bits=bits, width=width, batch=batch, rate=rate, examples=examples)
    if examples < batch:
        raise ArgumentError(f"`examples` must be at least the batch of {batch}, got {examples}.")
    rng = np.random.default_rng(seed)
    network = _Network(rng.normal(size=(width, n + 1)) / np.sqrt(n), rng.normal(size=width) / 2)
    test_x, test_y = _draw(TESTED, n, k, rng)
    seen: list[int] = []
    reached: list[float] = []
    steps, every = examples // batch, max(1, EVERY // batch)
    for step in range(1, steps + 1):
        _step(network, *_draw(batch, n, k, rng), bits, rate, rng)
        if step % every == 0 or step == steps:
            seen.append(step * batch)
            reached.append(_accuracy(network, test_x, test_y))
            if reached[-1] >= accuracy:
                break
    return NetworkRun(tuple(seen), tuple(reached))


def _step(
    network: _Network, x: Floats, y: Floats, bits: int, rate: float, rng: np.random.Generator
) -> None:
    place = int(rng.integers(network.inner.size + network.out.size))
    rounded = _rounded(network.derivatives(x, y, place), bits, rng)
    network.move(place, -rate * float(rounded.mean()))


def _rounded(derivatives: Floats, bits: int, rng: np.random.Generator) -> Floats:
    """Each as one of 2**bits values from -1 to 1, at random so that its mean stays."""
    steps = 2**bits - 1
    places = (np.clip(derivatives, -1.0, 1.0) + 1) / 2 * steps
    rounded: Floats = np.floor(places + rng.random(len(places))) / steps * 2 - 1
    return rounded


def _draw(rows: int, n: int, k: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Fresh examples: inputs with a constant 1 as their last column, and labels, -1 or 1."""
    x = np.ones((rows, n + 1))
    x[:, :n] -= 2.0 * rng.integers(0, 2, (rows, n))
    return x, x[:, :k].prod(axis=1)


def _accuracy(network: _Network, x: Floats, y: Floats) -> float:
    return float(np.mean((network.hidden(x) @ network.out > 0) == (y > 0)))


def _check(**numbers: float) -> None:
    for name, value in numbers.items():
        if not value > 0:
            raise ArgumentError(f"`{name}` must be above 0, got {value}.")
