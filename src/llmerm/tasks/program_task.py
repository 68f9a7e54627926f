"""Families whose rule is their program: what it says of an input is the label."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.balancing import balanced
from llmerm.tasks.base import Task
from llmerm.typing import Sample, Value


@dataclass(frozen=True, kw_only=True)
class ProgramTask(Task):
    """A family that writes its program and draws inputs; labels come as they are."""

    takes: ClassVar[type[str] | type[list[Value]]] = list

    @property
    @abstractmethod
    def program(self) -> Program:
        """The rule."""

    @abstractmethod
    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """`m` inputs; they may repeat."""

    @final
    def label(self, x: Value) -> Value:
        """What the program says of one input.

        Raises:
            TaskError: if `x` is no input of this task.
        """
        if not isinstance(x, self.takes) or len(x) != self.n:
            kind = "string" if self.takes is str else "list"
            raise TaskError(
                f"an input of {self.name} at n={self.n} is a {kind} of that length, got {x!r:.60}. "
                "For another length use `task.shifted(n=...)`."
            )
        return compiled(self.program.source)(x)

    @final
    def pairs(self, m: int, rng: np.random.Generator) -> list[Sample]:
        """`m` labelled inputs, no input twice."""
        rule = compiled(self.program.source)
        return balanced(
            m,
            lambda count: [Sample(x, rule(x)) for x in self.inputs(count, rng)],
            name=f"{self.name} at n={self.n}",
            balance=False,
            extra=int(rng.integers(1 << 16)),
        )


@lru_cache(maxsize=256)
def compiled(source: str) -> Callable[[Value], Value]:
    """The function of one of the library's own programs."""
    return Program(source).compile(trusted=True)
