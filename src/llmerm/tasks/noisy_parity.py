"""Parity of a few coordinates, with wrong labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, odd
from llmerm.tasks.coordinates import CoordinateTask


@final
@dataclass(frozen=True, kw_only=True)
class NoisyParity(CoordinateTask):
    """Label 1 when k fixed coordinates have an odd number of ones; a share of labels is wrong.

    `label` and `program` are the rule without noise; `sample` has the wrong labels, equally many in
    both classes. Without noise Gaussian elimination finds the coordinates; with noise the best
    algorithm known takes time n ** (0.8 * k), where trying them all takes n ** k.
    Source: Valiant, "Finding correlations in subquadratic time, with applications to learning
    parities and juntas" (2012).

    Attributes:
        k: how many coordinates.
        noise: the share of wrong labels, at least 0 and below 0.5.

    >>> task = NoisyParity(n=4, k=2, coordinates=(0, 3), noise=0.25)
    >>> task.label("1110"), task.rule_error
    (1, 0.25)
    """

    name: ClassVar[str] = "noisy_parity"
    k: int = 3
    noise: float = 0.1

    def __post_init__(self) -> None:
        self.check_integer("k", low=1)
        super().__post_init__()
        if not isinstance(self.noise, (int, float)) or not 0 <= self.noise < 0.5:
            raise TaskError(f"`noise` must be in [0, 0.5), got {self.noise!r}. Try noise=0.1.")

    @property
    def reads(self) -> int:
        """The coordinates of the parity."""
        return self.k

    @property
    def rule_error(self) -> float:
        """The share of wrong labels in samples."""
        return self.noise

    def values(self, bits: Bits) -> Bits:
        """The parity of each row."""
        return odd(bits)

    @property
    def program(self) -> Program:
        """The rule without noise; it holds wherever the coordinates exist."""
        chosen = tuple(sorted(self.chosen))
        return Program(f"def f(x):\n    return sum(x[i] == '1' for i in {chosen}) % 2\n")
