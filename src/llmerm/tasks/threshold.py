"""Boolean threshold functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits
from llmerm.tasks.coordinates import CoordinateTask
from llmerm.tasks.seeding import generator

_SOURCE = """\
def f(x):
    weights = {weights}
    return int(sum(w if x[i] == '1' else -w for i, w in weights.items()) > 0)
"""


@final
@dataclass(frozen=True, kw_only=True)
class Threshold(CoordinateTask):
    """Label 1 when a weighted sum over k fixed coordinates, read as -1 and +1, is positive.

    The weights are random integers, positive and negative, with an odd sum: no sum is 0, and both
    classes are equally large. With `largest=1` and all signs positive it is a majority.
    Source: linear threshold functions; Muroga, "Threshold logic and its applications" (1971).

    Attributes:
        k: how many coordinates have a weight.
        largest: the largest weight, up to its sign and one more where the sum would be even.
        signed: whether weights can be negative.

    >>> Threshold(n=3, k=3, largest=1, signed=False).label("101")
    1
    """

    name: ClassVar[str] = "threshold"
    k: int = 7
    largest: int = 3
    signed: bool = True

    def __post_init__(self) -> None:
        self.check_integer("k", low=1)
        self.check_integer("largest", low=1, high=10**6)
        if not isinstance(self.signed, bool):
            raise TaskError(f"`signed` must be True or False, got {self.signed!r}.")
        super().__post_init__()

    @property
    def reads(self) -> int:
        """The coordinates that have a weight."""
        return self.k

    @property
    def weights(self) -> tuple[int, ...]:
        """The weight of each coordinate, in their order."""
        rng = generator("threshold weights", self.k, self.largest, self.signed, self.task_seed)
        sizes = rng.integers(1, self.largest + 1, self.k)
        sizes[0] += (sizes.sum() + 1) % 2
        signs = rng.choice([-1, 1], self.k) if self.signed else np.ones(self.k, np.int64)
        return tuple((sizes * signs).tolist())

    def values(self, bits: Bits) -> Bits:
        """Whether each row's sum is positive."""
        ones = bits.astype(np.float64) @ np.array(self.weights, np.float64)
        return (2 * ones > sum(self.weights)).astype(np.uint8)

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        weights = dict(sorted(zip(self.chosen, self.weights, strict=True)))
        return Program(_SOURCE.format(weights=weights))
