"""What a probe is: samples that are not the usual ones, and what they answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.samples import Samples
from llmerm.tasks.seeding import generator
from llmerm.typing import Value
from llmerm.values import is_whole, key


class Probed(Protocol):
    """What a probe needs to know of a task; every `llmerm.tasks.Task` has it."""

    name: ClassVar[str]

    @property
    def n(self) -> int:
        """The length of an input."""

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that defines the task."""

    @property
    def classes(self) -> tuple[Value, ...]:
        """The labels that samples have equally often."""

    def label(self, x: Value) -> Value:
        """What the rule says of an input."""

    def sample(self, m: int, seed: int = 0) -> Samples:
        """`m` samples."""

    def shifted(self, *, n: int) -> Self:
        """The same rule at another length."""

    def edited(self, x: Value, rng: np.random.Generator) -> Value:
        """The input after one random edit."""


@dataclass(frozen=True)
class Probe(ABC):
    """A question about learning a task, with the samples that answer it.

    A `Retest` (kind "test") asks a program that was learned as usual on other inputs; a `Retrain`
    (kind "training") asks to learn anew from samples that something was done to.

    The law: the same probe of the same task with the same arguments gives the same samples.

    Attributes:
        task: what is probed.
        name: a word for tables.
        kind: "test" or "training".
    """

    task: Probed
    name: ClassVar[str]
    kind: ClassVar[Literal["test", "training"]]

    @property
    @abstractmethod
    def about(self) -> str:
        """What the probe does, in words."""

    @abstractmethod
    def split(self, m: int, fresh: int, *, seed: int = 0) -> tuple[Samples, Samples]:
        """Samples to learn from, and samples to test on that share no input with them.

        Args:
            m: how many to learn from.
            fresh: how many to test on; a `Retest` may give fewer, as it leaves out what was
                learned from.
            seed: an integer of at least 0.

        Raises:
            TaskError: if the family has no so many inputs.
        """

    def check(self, what: str, size: int) -> None:
        """Refuse a number of samples that is none.

        Raises:
            TaskError: with the value.
        """
        if not is_whole(size, 1):
            raise TaskError(f"`{what}` must be an integer of at least 1, got {size!r}. Try 200.")

    def generator(self, *identity: Value) -> np.random.Generator:
        """The probe's own stream of random numbers for these arguments."""
        return generator(self.name, self.task.name, dict(self.task.parameters), *identity)


class Retest(Probe):
    """Another test distribution for a program that was learned as usual."""

    kind: ClassVar[Literal["test", "training"]] = "test"

    @abstractmethod
    def samples(self, m: int, *, seed: int = 0) -> Samples:
        """`m` samples to test on; they may share inputs with what a program was learned from."""

    @final
    def split(self, m: int, fresh: int, *, seed: int = 0) -> tuple[Samples, Samples]:
        """What `task.sample(m, seed)` gives, and the probe's samples without its inputs."""
        self.check("fresh", fresh)
        train = self.task.sample(m, seed)
        seen = {key(x) for x in train.inputs}
        drawn = self.samples(fresh, seed=seed)
        return train, drawn.take(i for i, x in enumerate(drawn.inputs) if key(x) not in seen)


class Retrain(Probe):
    """Samples to learn from anew that something was done to, and what to test on then."""

    kind: ClassVar[Literal["test", "training"]] = "training"

    @abstractmethod
    def changed(
        self, train: Samples, test: Samples, rng: np.random.Generator
    ) -> tuple[Samples, Samples]:
        """Both parts, after what the probe does to them."""

    @final
    def split(self, m: int, fresh: int, *, seed: int = 0) -> tuple[Samples, Samples]:
        """Both parts out of one draw of `m + fresh` samples."""
        self.check("m", m)
        self.check("fresh", fresh)
        drawn = self.task.sample(m + fresh, seed)
        train, test = drawn.split(fresh / (m + fresh), seed=seed)
        return self.changed(train, test, self.generator(m, fresh, seed))
