"""The gap: examples that coordinate-wise SGD, elimination and ERM need for a k-parity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.errors import ArgumentError
from llmerm.experiments import counters
from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import curves, grouped, labels
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart
from llmerm.experiments.intervals import Summary, counted
from llmerm.experiments.methods import Method
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished
from llmerm.experiments.table import Table
from llmerm.tasks.k_parity import KParity
from llmerm.theory import erm_samples, sq_lower_bound

SIZES = (10, 20, 40, 80)
NOTE = (
    "Examples to find the k coordinates. coordinate_sgd: one ReLU unit, a fresh batch for each "
    "coordinate, all n batches counted; it is one way to learn by such steps, simulated. "
    "gf2_elimination: until one solution is left of the linear system. erm: until one k-subset "
    "fits. The query bound is the order sqrt(C(n,k)), its constant unknown; the ERM bound is "
    "log2(C(n,k)/0.05). 95 % intervals: Student's t over the seeds; a single seed has none."
)


@final
@dataclass(frozen=True)
class SgdGap(Bench):
    """k-parities over n bits x ways to look for them; `lengths` are the n."""

    name: ClassVar[str] = "sgd-gap"
    question: ClassVar[str] = "How many examples do SGD, elimination and ERM need for a parity?"
    tasks: ClassVar[tuple[str, ...]] = ("k_parity:k=2", "k_parity:k=3")
    methods: ClassVar[tuple[str, ...]] = counters.names()

    def cells(self, options: Options) -> list[Cell]:
        """A cell for each parity, length, way and seed.

        Raises:
            ArgumentError: if a task is no k-parity.
        """
        methods = [Method.of(_counter(one)) for one in options.methods or self.methods]
        return [
            Cell(
                bench=self.name,
                title=title,
                task=task.name,
                task_parameters=dict(task.parameters),
                method=method,
                m=0,
                seed=seed,
            )
            for n in options.lengths or SIZES
            for title, task in self.chosen_tasks(options, n=n).items()
            for method in methods
            for seed in options.seeds
        ]

    def table(self, results: Sequence[Finished]) -> Table:
        """A row for each parity and length."""
        ways = labels(results)
        rows = []
        for (title, n), own in grouped(results, lambda cell: (cell.title, _length(cell))).items():
            k = _k(own[0].cell)
            found = grouped(own, lambda cell: cell.method.label)
            means = (_examples(found.get(way, ())) for way in ways)
            rows.append((title, n, *means, sq_lower_bound(n, k), erm_samples(n, k)))
        columns = ("task", "n", *ways, "query bound (order)", "ERM bound")
        return Table("Examples needed", columns, tuple(sorted(rows, key=_place)), NOTE)

    def figure(self, results: Sequence[Finished]) -> Chart:
        """A panel for each k, a curve for each way."""
        return Chart(
            "Examples needed against n",
            "coordinates n",
            "examples needed",
            curves(results, lambda cell: float(_length(cell)), _examples),
            log_x=True,
            log_y=True,
            share=False,
            chance=None,
        )


def _counter(subject: object) -> counters.Counter:
    if isinstance(subject, counters.Counter):
        return subject
    if isinstance(subject, str):
        return counters.get(subject)
    raise ArgumentError(f"sgd-gap takes {', '.join(counters.names())}, got {subject!r:.60}.")


def _place(row: tuple[object, ...]) -> tuple[str, int]:
    title, n = row[:2]
    return str(title), n if isinstance(n, int) else 0


def _parity(cell: Cell) -> KParity:
    task = cell.make_task()
    if not isinstance(task, KParity):
        raise ArgumentError(f"sgd-gap is about k_parity, got {task.name}.")
    return task


def _length(cell: Cell) -> int:
    return _parity(cell).n


def _k(cell: Cell) -> int:
    return _parity(cell).k


def _examples(results: Sequence[Finished]) -> Summary | None:
    return counted([o.examples for _, o in results if o.examples is not None])
