"""The interface of a task family: a known rule, and the inputs that it is asked about."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

import numpy as np

from llmerm.errors import ArgumentError, TaskError
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.tasks.noise import noisy
from llmerm.tasks.probes import Probe, fitting
from llmerm.tasks.seeding import generator
from llmerm.typing import Sample, Value
from llmerm.values import is_whole, replaced
from llmerm.views.data import task_card
from llmerm.views.text import cut


@dataclass(frozen=True, kw_only=True)
class Task(ABC):
    """A family of labelled examples whose rule is known, at one input length `n`.

    To add a family subclass `StringTask` (strings in two classes), or this class for anything
    else, as a frozen dataclass: its fields are its `parameters`. Or decorate the rule with
    `llmerm.task`.

    The law: `label` says of every input in `pairs` what `pairs` says, and so does `program`; the
    same parameters, `m` and seed give the same samples on every machine. Where the rule is not
    `known`, `label` and `program` raise a `TaskError`.

    Attributes:
        name: what `llmerm.tasks.get` knows the family by.
        smallest: the least `n`.
        known: whether there is a rule to compare with; False for measured data.
        n: the length of an input, in characters or items.
    """

    name: ClassVar[str]
    smallest: ClassVar[int] = 1
    known: ClassVar[bool] = True
    n: int = 100

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "__repr__" not in vars(cls):
            setattr(cls, "__repr__", Task.__repr__)  # noqa: B010 - else @dataclass writes another

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

    @property
    def classes(self) -> tuple[Value, ...]:
        """The labels that samples have equally often; empty where labels come as they are."""
        return ()

    @property
    def rule_error(self) -> float:
        """The share of labels in `sample` that are not the rule's own: 0 but for noisy families.

        No program can be expected to be right on more than 1 - `rule_error` of fresh samples.
        """
        return 0.0

    def sample(self, m: int, seed: int = 0) -> Samples:
        """`m` shuffled samples with distinct inputs; each of the `classes` comes equally often.

        Where `m` is no multiple of their number, some come once more than others.

        To test on fresh data, draw train and test together and cut: two calls with different
        seeds may share inputs.

        Args:
            m: how many samples, at least 1.
            seed: an integer of at least 0.

        Raises:
            TaskError: if the family has no `m` such inputs.
        """
        if not is_whole(m, 1):
            raise TaskError(f"`m` must be an integer of at least 1, got {m!r}. Try m=200.")
        if not is_whole(seed, 0):
            raise ArgumentError(f"`seed` must be an integer of at least 0, got {seed!r}.")
        rng = generator(self.name, dict(self.parameters), m, seed)
        pairs = self.pairs(m, rng)
        order = rng.permutation(m).tolist()
        labels = [pairs[i].y for i in order]
        if self.rule_error:
            labels = noisy(labels, self.rule_error, rng)
        return Samples(tuple(pairs[i].x for i in order), tuple(labels), name=self.name)

    def shifted(self, *, n: int) -> Self:
        """The same rule at another input length, as length generalisation asks for.

        Rules over fixed coordinates keep their coordinates.

        Raises:
            TaskError: if the rule has no meaning at that length.
        """
        return replace(self, n=n)

    def probes(self) -> tuple[Probe, ...]:
        """The probes that make sense for this task, each with a name and a sentence.

        >>> from llmerm.tasks import get
        >>> [probe.name for probe in get("parity", n=20).probes()]
        ['longer', 'balance', 'near_misses', 'noise', 'shuffled', 'renamed']
        """
        return fitting(self)

    def edited(self, x: Value, rng: np.random.Generator) -> Value:
        """The input after one random edit; what comes out is an input of the task, too.

        Unless a family overrides it, one character or item becomes another one out of the same
        input, or stays where all are the same.

        Raises:
            TaskError: if the input is neither text nor a list.
        """
        if not isinstance(x, (str, list, tuple)) or not x:
            raise TaskError(f"{self.name} knows no edits of {x!r:.60}. Override `edited`.")
        place = int(rng.integers(len(x)))
        items = dict.fromkeys(x) if isinstance(x, str) else x  # each letter once, in a fixed order
        others = [item for item in items if item != x[place]] or [x[place]]
        return replaced(x, place, others[int(rng.integers(len(others)))])

    def __repr__(self) -> str:
        shown = (f"{name}={cut(repr(value), 120)}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({', '.join(shown)})\n{summary(self)}".rstrip()

    def _repr_html_(self) -> str:
        try:
            source = self.program.source
        except TaskError:  # the rule is not known, or its source cannot be had
            source = ""
        return task_card(
            self.name,
            summary=summary(self),
            parameters=self.parameters,
            source=source,
            known=self.known,
        )

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


def summary(task: Task) -> str:
    """The first sentence of a family's documentation.

    >>> from llmerm.tasks import get
    >>> summary(get("parity")).endswith(".")
    True
    """
    return (inspect.getdoc(task) or "").partition("\n")[0]


def as_tuple(value: object) -> tuple[object, ...]:
    """The items of a list or tuple; anything else alone, for a check that refuses it.

    >>> as_tuple([1, 2]), as_tuple(7)
    ((1, 2), (7,))
    """
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)
