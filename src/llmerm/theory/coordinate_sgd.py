"""Coordinate-wise online SGD on a planted parity, simulated exactly and without the examples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import ArgumentError
from llmerm.theory.bounds import check_parity

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class CoordinateGradient:
    """The noisy partial derivatives that coordinate-wise SGD sees of a planted k-parity.

    Inputs x are uniform in {-1, 1}^n and the label y is the product of the first k of them (which
    k they are does not matter: all that is simulated treats coordinates alike). The learner is one
    ReLU unit at weights of 1 with the loss -y relu(x_1 + ... + x_n - c sqrt(n)), where c is 0 for
    even k and 1 for odd k, as the coefficient that is needed vanishes at 0 there. The partial
    derivative by weight i is -y x_i where the unit is active, and else 0. Each example's is
    rounded to `bits` bits, at random so that its mean stays. So a batch's mean has a multinomial
    law, which is drawn from itself: no example is made, and the batch may be of any size.

    Attributes:
        n: coordinates.
        k: how many of them the parity is over, less than n.
        bits: of one example's partial derivative.

    >>> means = CoordinateGradient(20, 2).means(10**9, np.random.default_rng(0))
    >>> sorted(abs(means).argsort()[-2:].tolist())
    [0, 1]
    """

    n: int
    k: int
    bits: int = 8

    def __post_init__(self) -> None:
        check_parity(self.n, self.k)
        if self.k == self.n:
            raise ArgumentError(f"`k` must be less than n={self.n}, else there is one parity.")
        if self.bits < 1:
            raise ArgumentError(f"`bits` must be at least 1, got {self.bits}.")

    def means(self, batch: int, rng: np.random.Generator) -> Weights:
        """The mean partial derivative by each weight, shape (n,), each over `batch` fresh examples.

        Raises:
            ArgumentError: if `batch` is below 1.
        """
        if batch < 1:
            raise ArgumentError(f"`batch` must be at least 1, got {batch}.")
        inside, outside = self._laws
        counts = [rng.multinomial(batch, inside, self.k)]
        counts += [rng.multinomial(batch, outside, self.n - self.k)]
        means: Weights = np.concatenate(counts) @ self._values / batch
        return means

    @property
    def threshold(self) -> int:
        """The unit is active where the sum of x is above it; no sum is nearer to it than 1."""
        bias = math.floor(math.sqrt(self.n)) if self.k % 2 else 0
        return bias + 1 - (bias - self.n) % 2

    @cached_property
    def _values(self) -> Weights:
        """What one rounded derivative can be: -1, 1, and the two levels around 0."""
        step = 1.0 / (2**self.bits - 1)
        return np.array([-1.0, 1.0, -step, step])

    @cached_property
    def _laws(self) -> tuple[list[float], list[float]]:
        """The chance of each value for a coordinate of the parity and for one outside."""
        return self._law(self.k - 1), self._law(self.k + 1)

    def _law(self, degree: int) -> list[float]:
        """The derivative is minus the product of `degree` coordinates where the unit is active."""
        up, down = (self.chance(degree, sign) for sign in (1, -1))
        rest = (1.0 - up - down) / 2
        return [up, down, rest, rest]

    def chance(self, degree: int, sign: int) -> float:
        """The chance that the unit is active and that a product of `degree` coordinates is `sign`.

        An exact count: a coordinates of the product and m of the others are -1.
        """
        most = (self.n - self.threshold) // 2  # so many of -1 leave the unit active
        tails = _tails(self.n - degree)
        odd = sign < 0
        ways: int = sum(
            math.comb(degree, a) * tails[min(most - a, self.n - degree)]
            for a in range(odd, min(degree, most) + 1, 2)
        )
        return float(ways / 2**self.n)


def _tails(n: int) -> list[int]:
    """At m: in how many ways at most m of n coordinates are -1."""
    counts = [math.comb(n, m) for m in range(n + 1)]
    return [sum(counts[: m + 1]) for m in range(n + 1)]


def coordinate_sgd(gradient: CoordinateGradient, batch: int, *, seed: int = 0) -> Weights:
    """The weights, shape (n,), after one step by each coordinate in turn, from 1.

    It draws n * batch fresh examples in all. A step is 1/(4n) times the mean derivative: the
    weights move by 1/4 at most together, so that no example changes sides of the threshold, and
    each derivative has the law it has at the start.

    Args:
        gradient: the planted parity, the unit and the precision.
        batch: fresh examples a step.
        seed: of all draws.

    Raises:
        ArgumentError: if `batch` is below 1.

    >>> weights = coordinate_sgd(CoordinateGradient(20, 2), 10_000)
    >>> sorted(abs(weights - 1).argsort()[-2:].tolist())
    [0, 1]
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    return 1.0 - gradient.means(batch, rng) / (4 * gradient.n)
