"""Inputs as bits, for learners over GF(2) and over characters (products of signs)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np
from numpy.typing import NDArray

from llmerm.baselines.encoding import Encoding
from llmerm.errors import DataError
from llmerm.typing import Value


@final
@dataclass(frozen=True)
class Bits:
    """The columns of an encoding that are 0 or 1 on all training inputs."""

    encoding: Encoding
    columns: tuple[int, ...]

    @classmethod
    def of(cls, inputs: Sequence[Value], name: str) -> Self:
        """The bits of inputs such as these.

        Args:
            inputs: the training inputs.
            name: of the baseline that needs them.

        Raises:
            DataError: if no column is 0 or 1.
        """
        encoding = Encoding.of(inputs)
        matrix = encoding.matrix(inputs)
        binary = np.flatnonzero(((matrix == 0) | (matrix == 1)).all(axis=0))
        if not len(binary):
            raise DataError(
                f"{name} reads bits, and the inputs have none: {', '.join(encoding.names[:5])}. "
                "Use another baseline, such as 'decision_tree'."
            )
        return cls(encoding, tuple(binary.tolist()))

    @property
    def names(self) -> tuple[str, ...]:
        """What each bit says."""
        return tuple(self.encoding.names[column] for column in self.columns)

    def matrix(self, inputs: Sequence[Value]) -> NDArray[np.uint8]:
        """Zeros and ones, shape (inputs, columns)."""
        return self.encoding.matrix(inputs)[:, list(self.columns)].astype(np.uint8)
