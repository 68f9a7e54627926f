"""Families that compose a few operations, drawn out of a table of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.base import as_tuple
from llmerm.tasks.program_task import ProgramTask, compiled
from llmerm.tasks.seeding import generator
from llmerm.typing import Value
from llmerm.values import key

_TRIES = 100
_PILOT = 50  # inputs that a composition is tried on
_TELLING = 0.6  # the share of them that must change, and give labels of their own


@dataclass(frozen=True, kw_only=True)
class ComposedTask(ProgramTask):
    """A rule of several operations in a row. A subclass has the table and draws the inputs.

    Attributes:
        steps: how many operations.
        task_seed: which ones; compositions that change little or forget most are not taken.
        operations: their names, the first one first; None draws them with `task_seed`.
    """

    table: ClassVar[Mapping[str, str]]
    steps: int = 2
    task_seed: int = 0
    operations: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("steps", low=1, high=20)
        self.check_integer("task_seed", low=0)
        chosen = self._drawn() if self.operations is None else as_tuple(self.operations)
        object.__setattr__(self, "operations", chosen)
        if len(chosen) != self.steps or any(name not in list(self.table) for name in chosen):
            raise TaskError(
                f"`operations` of {self.name} must be steps={self.steps} names out of "
                f"{', '.join(self.table)}, got {chosen}."
            )

    @abstractmethod
    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """`m` inputs; they may repeat."""

    def _drawn(self) -> tuple[str, ...]:
        """The first composition that tells; it does not depend on `n`, so other n can share it."""
        rng = generator(self.name, "operations", self.steps, self.task_seed)
        for _ in range(_TRIES):
            names = tuple(rng.choice(list(self.table), self.steps).tolist())
            if self._tells(names, rng):
                return names
        raise TaskError(
            f"no composition of {self.steps} operations out of {_TRIES} keeps enough of its input. "
            f"Try fewer `steps` of {self.name}."
        )

    def _tells(self, names: tuple[str, ...], rng: np.random.Generator) -> bool:
        rule = compiled(self._source(names))
        drawn = self.inputs(_PILOT, rng)
        labels = [rule(x) for x in drawn]
        changed = sum(key(x) != key(y) for x, y in zip(drawn, labels, strict=True))
        own = len(set(map(key, labels))) / len(set(map(key, drawn)))
        return changed >= _TELLING * _PILOT and own >= _TELLING

    def _source(self, names: tuple[str, ...]) -> str:
        lines = "".join(f"    x = {self.table[name]}\n" for name in names)
        return f"def f(x):\n{lines}    return x\n"

    @final
    @property
    def program(self) -> Program:
        """The rule, a line for each operation; it holds at every length."""
        return Program(self._source(self.operations or ()))
