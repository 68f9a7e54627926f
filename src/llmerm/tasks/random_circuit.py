"""Random circuits of bounded fan-in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, all_bits
from llmerm.tasks.coordinates import CoordinateTask
from llmerm.tasks.seeding import generator

Gate = tuple[tuple[int, ...], int]
"""The wires that a gate reads, and its truth table as a number: bit v is its value at v."""

_TRIES = 1000
_RAREST = 0.3  # the smaller class has at least this share of all inputs
_SOURCE = """\
def f(x):
    wires = [int(x[i]) for i in {coordinates}]
    for inputs, table in {gates}:
        value = int(''.join(str(wires[i]) for i in inputs), 2)
        wires.append(table >> value & 1)
    return wires[-1]
"""


@final
@dataclass(frozen=True, kw_only=True)
class RandomCircuit(CoordinateTask):
    """Label 1 when the last gate of a random circuit with bounded fan-in is 1; uniform bits.

    The wires are `inputs` fixed coordinates, then the gates. Each gate has a random truth table
    over `fan_in` earlier wires, the gate just before it among them, so all lead to the last one.
    Circuits are drawn until both labels have at least 30 % of all inputs.
    Source: random Boolean circuits, as in Kauffman's networks (1969); the family is this
    library's own.

    Attributes:
        inputs: how many coordinates are read, at most 16.
        gates: how many gates.
        fan_in: how many wires a gate reads, at most 6.

    >>> task = RandomCircuit(n=8, inputs=4, gates=3)
    >>> len(task.circuit), task.label("01101001") in (0, 1)
    (3, True)
    """

    name: ClassVar[str] = "random_circuit"
    inputs: int = 6
    gates: int = 8
    fan_in: int = 2

    def __post_init__(self) -> None:
        self.check_integer("inputs", low=2, high=16)
        self.check_integer("gates", low=1, high=1000)
        self.check_integer("fan_in", low=2, high=min(6, self.inputs))
        super().__post_init__()

    @property
    def reads(self) -> int:
        """One coordinate an input."""
        return self.inputs

    @property
    def circuit(self) -> tuple[Gate, ...]:
        """The gates in order.

        Raises:
            TaskError: if no circuit of this shape is balanced enough.
        """
        return _drawn(self.inputs, self.gates, self.fan_in, self.task_seed)

    def values(self, bits: Bits) -> Bits:
        """The last gate's value on each row."""
        return _run(self.circuit, bits)

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        return Program(_SOURCE.format(coordinates=self.chosen, gates=self.circuit))


@lru_cache(maxsize=64)
def _drawn(inputs: int, gates: int, fan_in: int, task_seed: int) -> tuple[Gate, ...]:
    rng = generator("random_circuit gates", inputs, gates, fan_in, task_seed)
    for _ in range(_TRIES):
        circuit = tuple(_gate(wire, inputs, fan_in, rng) for wire in range(inputs, inputs + gates))
        ones = _run(circuit, all_bits(inputs)).mean()
        if _RAREST <= ones <= 1 - _RAREST:
            return circuit
    raise TaskError(
        f"no random_circuit with inputs={inputs}, gates={gates}, fan_in={fan_in} out of {_TRIES} "
        "has both labels on at least 30 % of all inputs. Try fewer gates."
    )


def _gate(wire: int, inputs: int, fan_in: int, rng: np.random.Generator) -> Gate:
    """The gate that becomes this wire; its truth table is not constant."""
    read = rng.choice(wire, fan_in, replace=False).tolist()
    if wire > inputs and wire - 1 not in read:
        read[0] = wire - 1
    return tuple(sorted(read)), int(rng.integers(1, 2 ** (2**fan_in) - 1, dtype=np.uint64))


def _run(circuit: tuple[Gate, ...], bits: Bits) -> Bits:
    wires = list(bits.T)
    for read, table in circuit:
        value = np.zeros(len(bits), np.intp)
        for i in read:
            value = 2 * value + wires[i]
        truth = np.array([table >> v & 1 for v in range(2 ** len(read))], np.uint8)
        wires.append(truth[value])
    last: Bits = wires[-1]
    return last
