"""A task family out of one function: `@llmerm.task` over the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass
from functools import cached_property
from importlib import import_module
from typing import ClassVar, TypeAlias, cast, overload

import numpy as np

from llmerm.errors import ArgumentError
from llmerm.program import Program
from llmerm.tasks.balancing import balanced
from llmerm.tasks.base import Task
from llmerm.tasks.function_source import standalone
from llmerm.tasks.registry import get, register
from llmerm.tasks.seeding import generator
from llmerm.typing import Sample, Value
from llmerm.values import as_value, key

_FEW = 20  # samples that show what labels there are
_MOST_CLASSES = 10

Rule: TypeAlias = Callable[..., object]
"""What is decorated: called with one input, it gives the label."""

Inputs: TypeAlias = Callable[[np.random.Generator, int], object]
"""How one input is drawn: called with a numpy generator and `n`."""


@dataclass(frozen=True)
class Definition:
    """What a decorated rule says of its family.

    Attributes:
        rule: the decorated function.
        inputs: draws one input.
        balance: whether each label comes equally often; None decides by the number of labels.
    """

    rule: Rule
    inputs: Inputs
    balance: bool | None


@dataclass(frozen=True, kw_only=True)
class FunctionTask(Task):
    """A task around a decorated rule: sample from it, or call it as the rule that it is."""

    definition: ClassVar[Definition]

    def __call__(self, x: Value) -> Value:
        """What the rule says of one input."""
        return self.label(x)

    def label(self, x: Value) -> Value:
        """What the rule says of one input."""
        return as_value(self.definition.rule(x), f"the label that {self.name} gives")

    @cached_property
    def classes(self) -> tuple[Value, ...]:
        """The labels that a few samples show, unless they are too many to be balanced."""
        balance = self.definition.balance
        shown = {key(y): y for y in self.sample(_FEW).outputs} if balance is not False else {}
        few = balance or len(shown) <= _MOST_CLASSES
        return tuple(shown[label] for label in sorted(shown)) if few else ()

    @property
    def program(self) -> Program:
        """The rule's own source.

        Raises:
            TaskError: if the source cannot be had, or leans on names from outside the function.
        """
        return standalone(self.definition.rule, self.name)

    def pairs(self, m: int, rng: np.random.Generator) -> list[Sample]:
        """`m` labelled inputs, each label equally often, by rejection."""
        return balanced(
            m,
            lambda count: [self._draw(rng) for _ in range(count)],
            name=f"{self.name} at n={self.n}",
            balance=self.definition.balance,
            extra=int(rng.integers(1 << 16)),
        )

    def _draw(self, rng: np.random.Generator) -> Sample:
        x = as_value(self.definition.inputs(rng, self.n), f"the input drawn for {self.name}")
        return Sample(x, self.label(x))

    def __reduce__(self) -> tuple[object, ...]:
        # The class is made on the fly; another process makes it by importing the rule's module.
        return _restored, (self.definition.rule.__module__, self.name, dict(self.parameters))


@overload
def task(rule: Rule, /) -> FunctionTask: ...
@overload
def task(
    *,
    name: str | None = None,
    n: int = 100,
    alphabet: str = "01",
    inputs: Inputs | None = None,
    balance: bool | None = None,
) -> Callable[[Rule], FunctionTask]: ...
def task(
    rule: Rule | None = None,
    /,
    *,
    name: str | None = None,
    n: int = 100,
    alphabet: str = "01",
    inputs: Inputs | None = None,
    balance: bool | None = None,
) -> FunctionTask | Callable[[Rule], FunctionTask]:
    """A task family of your own: decorate the rule, a function from an input to its label.

    The function becomes a `Task` at the default `n` that can still be called as the rule, and is
    known to `llmerm.tasks.get` under its name.

    Args:
        rule: the decorated function; its argument is an input, its result any JSON-like label.
        name: the family's name; None takes the function's.
        n: the default length of an input.
        alphabet: inputs are uniform strings of `n` of these characters.
        inputs: draws one input instead, as `inputs(rng, n)` with a numpy generator.
        balance: whether each label comes equally often, by rejection. None balances up to 10
            labels, and takes more (a quantity) as they come.

    Raises:
        ArgumentError: if the name is taken by a built-in family, or the rule is no function.
        DataError: if the rule or `inputs` gives what is no JSON-like value; both are tried once.

    >>> @task(n=20)
    ... def majority(x):
    ...     return int(x.count("1") > len(x) / 2)
    >>> majority.sample(10)
    Samples(10 samples, labels 0: 5, 1: 5)
    >>> majority("110"), get("majority", n=30).n
    (1, 30)
    """

    def decorate(function: Rule) -> FunctionTask:
        definition = Definition(function, inputs or _uniform(alphabet), balance)
        return _made(_checked_name(function, name), n, definition)

    return decorate if rule is None else decorate(rule)


def _made(name: str, n: int, definition: Definition) -> FunctionTask:
    family = make_dataclass(
        name,
        [("n", int, field(default=n))],
        bases=(FunctionTask,),
        namespace={
            "name": name,
            "definition": definition,
            "__doc__": definition.rule.__doc__ or f"The rule {name}, decorated.",
        },
        frozen=True,
        kw_only=True,
    )
    made = cast("FunctionTask", family())
    made._draw(generator(name, "probe"))  # a rule that cannot work says so here
    register(family)
    return made


def _checked_name(function: object, name: str | None) -> str:
    chosen = name or getattr(function, "__name__", "")
    if callable(function) and str(chosen).isidentifier():
        return str(chosen)
    raise ArgumentError(
        f"`task` decorates a named function from an input to its label, got {function!r:.60}. "
        "Give a function without a name one with `name=`; names are identifiers."
    )


def _uniform(alphabet: str) -> Inputs:
    if not alphabet or not isinstance(alphabet, str):
        raise ArgumentError(
            f"`alphabet` must be a string of characters to draw from, got {alphabet!r}. Try '01'."
        )

    def draw(rng: np.random.Generator, n: int) -> str:
        return "".join(alphabet[i] for i in rng.integers(0, len(alphabet), n).tolist())

    return draw


def _restored(module: str, name: str, parameters: dict[str, Value]) -> Task:
    import_module(module)
    return get(name, **parameters)
