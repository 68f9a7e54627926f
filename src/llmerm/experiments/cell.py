"""One cell of an experiment: a task, a method, a number of samples, a seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from llmerm import tasks
from llmerm.experiments.methods import Method
from llmerm.tasks.base import Task
from llmerm.typing import Value
from llmerm.version import __version__


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What is measured once. The same cell has the same key, and the same outcome, anywhere.

    Attributes:
        bench: the experiment it belongs to.
        title: how tables and figures call the task.
        task: the name of a task family, and `task_parameters` its parameters.
        method: what learns.
        m: samples to learn from; `fit` splits them, a baseline is trained on all.
        seed: of the samples, the split and the method.
        k: programs that a proposer may draw.
        n_test: fresh samples to test on, fewer where so many distinct inputs do not exist.
        lengths: further input lengths to test the same program at.
        probe: the name of a probe that changes what is learned from; None for clean samples.
        test_probes: names of probes that the same program is tested on.
        every_candidate: draw all k and test each candidate, not only the chosen one.
    """

    bench: str
    title: str
    task: str
    method: Method
    m: int
    seed: int
    task_parameters: Mapping[str, Value] = field(default_factory=dict)
    k: int = 16
    n_test: int = 10_000
    lengths: tuple[int, ...] = ()
    probe: str | None = None
    test_probes: tuple[str, ...] = ()
    every_candidate: bool = False

    def make_task(self) -> Task:
        """The task itself.

        Raises:
            UnknownNameError: if there is no such family.
            TaskError: if it does not exist at these parameters.
        """
        return tasks.get(self.task, **self.task_parameters)

    @cached_property
    def json(self) -> str:
        """All that identifies the cell, as canonical JSON."""
        method = self.method
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        content["method"] = [method.label, method.kind, dict(method.parameters)]
        content["task_parameters"] = dict(self.task_parameters)
        return json.dumps({**content, "llmerm": __version__}, sort_keys=True, separators=(",", ":"))

    @cached_property
    def key(self) -> str:
        """SHA-256 of `json`, in hex.

        >>> cell = Cell(bench="b", title="t", task="parity", method=Method.of("enumerate"),
        ...             m=200, seed=0)
        >>> len(cell.key)
        64
        """
        return hashlib.sha256(self.json.encode()).hexdigest()

    def __str__(self) -> str:
        changed = f", {self.probe}" if self.probe else ""
        return f"{self.title} x {self.method.label} (m={self.m}, seed {self.seed}{changed})"
