"""Circuits over GF(2) of growing depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.program import Program
from llmerm.tasks.bits import Bits, odd
from llmerm.tasks.coordinates import CoordinateTask
from llmerm.tasks.seeding import generator

Gate = tuple[int, int, int]
"""(t, a, b): wire t becomes t + a * b over GF(2)."""

_SOURCE = """\
def f(x):
    wires = [int(x[i]) for i in {coordinates}]
    for t, a, b in {gates}:
        wires[t] ^= wires[a] & wires[b]
    return sum(wires) % 2
"""


@final
@dataclass(frozen=True, kw_only=True)
class Gf2Circuit(CoordinateTask):
    """Label 1 when the wires of a random circuit over GF(2) end up with an odd number of ones.

    The wires start as fixed coordinates. A layer groups them at random by three and adds the
    product of two to the third (a Toffoli gate). Such a circuit can be run backwards, so both
    classes are equally large at every depth. Depth 0 is a sparse parity; each layer can double
    the degree of the polynomial.
    Source: Toffoli, "Reversible computing" (1980), for the gate; the family is this library's own.

    Attributes:
        wires: how many coordinates are read, at least 3.
        depth: how many layers.

    >>> Gf2Circuit(n=3, wires=3, depth=0).label("110")
    0
    """

    name: ClassVar[str] = "gf2_circuit"
    wires: int = 6
    depth: int = 2

    def __post_init__(self) -> None:
        self.check_integer("wires", low=3)
        self.check_integer("depth", low=0, high=1000)
        super().__post_init__()

    @property
    def reads(self) -> int:
        """One coordinate a wire."""
        return self.wires

    @property
    def gates(self) -> tuple[Gate, ...]:
        """All gates in order; those of one layer share no wire."""
        rng = generator("gf2_circuit gates", self.wires, self.depth, self.task_seed)
        layers = [rng.permutation(self.wires).tolist() for _ in range(self.depth)]
        return tuple(
            (layer[i], layer[i + 1], layer[i + 2])
            for layer in layers
            for i in range(0, self.wires - 2, 3)
        )

    def values(self, bits: Bits) -> Bits:
        """The parity of the wires of each row at the end."""
        state = bits.copy()
        for t, a, b in self.gates:
            state[:, t] ^= state[:, a] & state[:, b]
        return odd(state)

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        return Program(_SOURCE.format(coordinates=self.chosen, gates=self.gates))
