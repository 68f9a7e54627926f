"""Gaussian elimination over GF(2): what shows that a parity is in the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.bits import Bits
from llmerm.baselines.majority import best_constant
from llmerm.baselines.targets import Classes, two_classes
from llmerm.samples import Samples
from llmerm.typing import Value


@final
@dataclass(frozen=True, kw_only=True)
class Gf2Elimination(Baseline):
    """The parity of some bits that fits all samples, or the most frequent label if none does.

    With n bits it takes about n samples to leave one solution. Of several it takes that over the
    earliest columns, and does not look for the shortest (`enumerate` does).

    >>> train = Samples.of([("00", 0), ("01", 1), ("10", 1), ("11", 0)])
    >>> Gf2Elimination().fit(train).predict(["01", "11"])
    [1, 0]
    """

    name: ClassVar[str] = "gf2_elimination"

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The parity; the seed changes nothing.

        Raises:
            DataError: if there are more than two labels, or the inputs have no bits.
        """
        labels = two_classes(train.outputs, self.name)
        bits = Bits.of(train.inputs, self.name)
        columns = [_packed(column) for column in bits.matrix(train.inputs).T]
        ones = (1 << len(train)) - 1
        places = combination([*columns, ones], _packed(labels.array))
        if places is None:
            return best_constant(train)
        constant = len(columns)
        return Parity(bits, labels, tuple(i for i in places if i < constant), constant in places)


@final
@dataclass(frozen=True)
class Parity:
    """The parity of the bits at some places, flipped or not, as a label.

    Attributes:
        places: the bits that count, as indices into `bits.names`.
    """

    bits: Bits
    labels: Classes
    places: tuple[int, ...]
    is_flipped: bool

    def predict(self, inputs: Sequence[Value]) -> list[Value]:
        """The label for each input."""
        ones = self.bits.matrix(inputs)[:, list(self.places)].sum(axis=1, dtype=np.int64)
        return self.labels.decode((ones + self.is_flipped) % 2)


def combination(columns: Iterable[int], goal: int) -> list[int] | None:
    """The indices of columns whose sum over GF(2) is the goal, or None if there are none.

    Args:
        columns: bit vectors, as integers.
        goal: another.

    >>> combination([0b011, 0b110, 0b100], 0b101)
    [0, 1]
    """
    basis: dict[int, tuple[int, int]] = {}
    for index, column in enumerate(columns):
        rest, used = _reduced(column, 1 << index, basis)
        if rest:
            basis[rest.bit_length()] = rest, used
    rest, used = _reduced(goal, 0, basis)
    return None if rest else [i for i in range(used.bit_length()) if used >> i & 1]


def _reduced(vector: int, used: int, basis: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """What is left of the vector, and which columns were added to it."""
    while vector and (found := basis.get(vector.bit_length())):
        vector, used = vector ^ found[0], used ^ found[1]
    return vector, used


def _packed(bits: NDArray[np.integer]) -> int:
    return int.from_bytes(np.packbits(bits.astype(np.uint8), bitorder="little").tobytes(), "little")
