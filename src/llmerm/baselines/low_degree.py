"""Correlation search: the products of a few bits that the labels correlate with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.bits import Bits
from llmerm.baselines.majority import best_constant
from llmerm.baselines.targets import Classes, two_classes
from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.typing import Value

Signs: TypeAlias = NDArray[np.float32]
"""Shape (samples, bits): 1 for a zero, -1 for a one."""

MOST_PRODUCTS = 2_000_000
"""The degree is lowered until there are at most so many products to look at."""


@final
@dataclass(frozen=True, kw_only=True)
class LowDegree(Baseline):
    """The sign of the low-degree Fourier coefficients that samples tell from zero.

    Every product of at most `degree` bits (as signs) is correlated with the label; those beyond
    the Bonferroni threshold sqrt(2 ln(2 C(n, d) degree / delta) / m) count, with the weight that
    was measured (Linial, Mansour and Nisan 1993). Where none does, the most frequent label.

    Attributes:
        degree: bits in a product, at most.
        delta: the chance that a label independent of the inputs shows any coefficient.

    >>> from llmerm.tasks import get
    >>> train = get("k_parity", n=12, k=2, coordinates=(1, 4)).sample(200)
    >>> LowDegree().fit(train).coefficients[0].places
    (1, 4)
    """

    name: ClassVar[str] = "low_degree"
    degree: int = 3
    delta: float = 0.05

    def __post_init__(self) -> None:
        if self.degree < 1 or not 0 < self.delta < 1:
            raise ArgumentError(
                f"`degree` must be at least 1 and `delta` in (0, 1), got {self.degree!r} and "
                f"{self.delta!r}. Try degree=3, delta=0.05."
            )

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The coefficients; the seed changes nothing.

        Raises:
            DataError: if there are more than two labels, or the inputs have no bits.
        """
        labels = two_classes(train.outputs, self.name)
        bits = Bits.of(train.inputs, self.name)
        target = (2 * labels.array - 1).astype(np.float32)
        found = detected(signs(bits, train.inputs), target, self.degree, self.delta)
        if not found:
            return best_constant(train)
        return Polynomial(bits, labels, float(target.mean()), found)


class Coefficient(NamedTuple):
    """How much the label correlates with the product of the signs at some places."""

    places: tuple[int, ...]
    weight: float


@final
@dataclass(frozen=True)
class Polynomial:
    """The sign of a constant and a weighted sum of products, as a label."""

    bits: Bits
    labels: Classes
    constant: float
    coefficients: tuple[Coefficient, ...]

    def predict(self, inputs: Sequence[Value]) -> list[Value]:
        """The label for each input."""
        columns = signs(self.bits, inputs)
        total = np.full(len(inputs), self.constant)
        for places, weight in self.coefficients:
            total += weight * columns[:, list(places)].prod(axis=1)
        return self.labels.decode(total > 0)


def detected(
    signs: Signs, target: NDArray[np.float32], degree: int, delta: float
) -> tuple[Coefficient, ...]:
    """The coefficients beyond the threshold, by degree, then by place.

    Args:
        signs: the bits.
        target: -1 or 1 for each sample.
        degree: bits in a product, at most; lowered where that would be too many products.
        delta: the chance that a target independent of the signs shows any.
    """
    samples, n = signs.shape
    centred = target - target.mean()
    degree = affordable(n, degree)
    found: list[Coefficient] = []
    for d in range(1, degree + 1):
        tests = 2 * math.comb(n, d) * degree / delta
        least = float(target.std()) * math.sqrt(2 * samples * math.log(tests))
        for prefix, first, sums in _sums(signs, centred, 0, d):
            found += [
                Coefficient((*prefix, first + i), float(sums[i]) / samples)
                for i in np.flatnonzero(np.abs(sums) > least).tolist()
            ]
    return tuple(found)


def affordable(n: int, degree: int) -> int:
    """The degree, lowered until the products of n bits are few enough to look at.

    >>> affordable(100, 3), affordable(1000, 3)
    (3, 2)
    """
    while degree > 1 and sum(math.comb(n, d) for d in range(degree + 1)) > MOST_PRODUCTS:
        degree -= 1
    return min(degree, n)


def _sums(
    signs: Signs, weights: NDArray[np.float32], start: int, degree: int
) -> Iterator[tuple[tuple[int, ...], int, NDArray[np.float32]]]:
    """Weighted sums of all products, as (prefix, first, sums).

    `sums[i]` is that of the product of the columns in `prefix` and the column `first + i`; the last
    two columns of a product are done by one matrix product.
    """
    rest = signs[:, start:]
    if degree == 1:
        yield (), start, weights @ rest
    elif degree == 2:
        for i, row in enumerate((weights[:, None] * rest).T @ rest):
            yield (start + i,), start + i + 1, row[i + 1 :]
    else:
        for i in range(start, signs.shape[1]):
            for prefix, first, sums in _sums(signs, weights * signs[:, i], i + 1, degree - 1):
                yield (i, *prefix), first, sums


def signs(bits: Bits, inputs: Sequence[Value]) -> Signs:
    """The bits of these inputs, 1 for a zero and -1 for a one."""
    return (1 - 2 * bits.matrix(inputs).astype(np.float32)).astype(np.float32)
