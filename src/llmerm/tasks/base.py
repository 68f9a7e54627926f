"""The interface of a task family: a known rule, and the inputs that it is asked about."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

import numpy as np

from llmerm.errors import ArgumentError, TaskError
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.typing import Sample, Value


@dataclass(frozen=True, kw_only=True)
class Task(ABC):
    """A family of labelled examples whose rule is known, at one input length `n`.

    To add a family subclass `StringTask` (strings in two classes), or this class for anything
    else, as a frozen dataclass: its fields are its `parameters`. Or decorate the rule with
    `llmerm.task`.

    The law: `label` says of every input in `pairs` what `pairs` says, and so does `program`; the
    same parameters, `m` and seed give the same samples on every machine.

    Attributes:
        n: the length of an input, in characters.
    """

    name: ClassVar[str]
    smallest: ClassVar[int] = 1
    n: int = 100

    def __post_init__(self) -> None:
        self.check_integer("n", low=self.smallest)

    @abstractmethod
    def label(self, x: Value) -> Value:
        """What the rule says of one input."""

    @property
    @abstractmethod
    def program(self) -> Program:
        """The rule as a readable program that needs the standard library alone."""

    @abstractmethod
    def pairs(self, m: int, rng: np.random.Generator) -> list[Sample]:
        """`m` labelled inputs, no input twice, in any order; `sample` shuffles them.

        Raises:
            TaskError: if there are no `m` such inputs; it says how many there are.
        """

    def sample(self, m: int, seed: int = 0) -> Samples:
        """`m` shuffled samples with distinct inputs, each label equally often (one more or less).

        To test on fresh data, draw train and test together and cut: two calls with different
        seeds may share inputs.

        Args:
            m: how many samples, at least 1.
            seed: an integer of at least 0.

        Raises:
            TaskError: if the family has no `m` such inputs.
        """
        if isinstance(m, bool) or not isinstance(m, int) or m < 1:
            raise TaskError(f"`m` must be an integer of at least 1, got {m!r}. Try m=200.")
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise ArgumentError(f"`seed` must be an integer of at least 0, got {seed!r}.")
        rng = generator(self.name, dict(self.parameters), m, seed)
        pairs = self.pairs(m, rng)
        order = rng.permutation(m).tolist()
        return Samples(
            tuple(pairs[i].x for i in order), tuple(pairs[i].y for i in order), name=self.name
        )

    def shifted(self, *, n: int) -> Self:
        """The same rule at another input length, as length generalisation asks for.

        Rules over fixed coordinates keep their coordinates.

        Raises:
            TaskError: if the rule has no meaning at that length.
        """
        return replace(self, n=n)

    def check_integer(self, parameter: str, *, low: int, high: int | None = None) -> None:
        """Refuse a parameter that is no integer in [low, high]; for a family's `__post_init__`.

        Raises:
            TaskError: with the value, the range and a value that works.
        """

        def fits(value: object) -> bool:
            return type(value) is int and low <= value and (high is None or value <= high)

        value = getattr(self, parameter)
        if not fits(value):
            default = next(field.default for field in fields(self) if field.name == parameter)
            allowed = f"of at least {low}" if high is None else f"between {low} and {high}"
            raise TaskError(
                f"`{parameter}` of {self.name} must be an integer {allowed}, got {value!r}. "
                f"Try {parameter}={default if fits(default) else low}."
            )

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that defines the task, `n` included."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def generator(*identity: Value) -> np.random.Generator:
    """A random generator that depends on `identity` alone: not on the process or its hash seed.

    The entropy is the SHA-256 of the identity's canonical JSON text.

    >>> bool(generator("parity", 3).integers(1000) == generator("parity", 3).integers(1000))
    True
    """
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    entropy = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
