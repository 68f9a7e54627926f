"""The interface of an experiment: a question, the cells that answer it, a table and a figure."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import ClassVar

from llmerm import baselines, tasks
from llmerm.errors import ArgumentError, TaskError
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart
from llmerm.experiments.methods import Method
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished
from llmerm.experiments.table import Table
from llmerm.tasks.base import Task
from llmerm.typing import Value


class Bench(ABC):
    """An experiment. Subclass it in a file of its own; it has no state.

    The law: the same options give the same cells, and the table and the figure depend on the
    cells and their outcomes alone: not on the clock, nor on the order in which cells ended.
    """

    name: ClassVar[str]
    question: ClassVar[str]
    tasks: ClassVar[tuple[str, ...]] = ()
    methods: ClassVar[tuple[str, ...]] = ("enumerate", "decision_tree", "mlp")

    @abstractmethod
    def cells(self, options: Options) -> list[Cell]:
        """What is to be measured.

        Raises:
            UnknownNameError: if a task or a method does not exist.
            TaskError: if a task does not exist at this length.
        """

    @abstractmethod
    def table(self, results: Sequence[Finished]) -> Table:
        """What came out, as far as it is there."""

    @abstractmethod
    def figure(self, results: Sequence[Finished]) -> Chart:
        """The same as a picture."""

    def chosen_methods(self, options: Options) -> list[Method]:
        """The methods that the options ask for, or this experiment's own that are installed."""
        if options.methods:
            return [Method.of(one) for one in options.methods]
        absent = set(baselines.names()) - set(baselines.available())
        return [Method.of(name) for name in self.methods if name not in absent]

    def chosen_tasks(self, options: Options, *, n: int) -> Mapping[str, Task]:
        """The tasks that the options ask for, or this experiment's own, by their titles."""
        return dict(titled(one, n=n) for one in options.tasks or self.tasks)


def titled(task: str | Task, *, n: int) -> tuple[str, Task]:
    """A task and its title: the published one, or its name with the parameters that were given.

    Args:
        task: a title of the published table, a family's name, either followed by parameters as in
            "k_parity:k=5", or a task, which keeps its own length.
        n: the length of the inputs.

    Raises:
        UnknownNameError: if there is no such family or title.
        ArgumentError: if the family has no such parameter.
        TaskError: if the task does not exist at these parameters.

    >>> title, task = titled("pattern:pattern=111", n=20)
    >>> title, task.n
    ('pattern pattern=111', 20)
    """
    if isinstance(task, Task):
        return _title(task), task
    name, *given = task.split(":")
    if not given and name in tasks.published():
        return name, _published(name, n)
    usual = tasks.get(name)
    made = tasks.get(name, **{"n": n, **dict(_parameter(one, usual) for one in given)})
    return " ".join([name, *given]), made


def _published(title: str, n: int) -> Task:
    found = tasks.published(n).get(title)
    if found is None:
        raise TaskError(f"{title} does not exist at n={n}. The published length is 100.")
    return found


def _title(task: Task) -> str:
    """Its name, with the parameters that differ from a default that is given."""
    changed = [
        f"{field.name}={getattr(task, field.name)}"
        for field in fields(task)
        if field.name != "n" and field.default not in (None, getattr(task, field.name))
    ]
    return " ".join([task.name, *changed])


def _parameter(text: str, usual: Task) -> tuple[str, Value]:
    """A parameter's name and value: JSON, or text as it stands where the family takes text."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ArgumentError(
            f"{text!r} is no parameter of a task. Write NAME:PARAMETER=VALUE, as in 'k_parity:k=5'."
        )
    if isinstance(getattr(usual, name, None), str):
        return name, value
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
