"""The published table: test accuracy of each method on each task from 200 samples at n = 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from llmerm import tasks
from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_method, by_task, fresh, grid, labels, remarks
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart, Panel, Series
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished
from llmerm.experiments.table import Table
from llmerm.tasks.base import Task


@final
@dataclass(frozen=True)
class PaperTable(Bench):
    """Tasks x methods.

    Source: the LLM-ERM paper (arXiv 2510.14331), results at n = 100 with 200 samples.
    """

    name: ClassVar[str] = "paper-table"
    question: ClassVar[str] = "Which method learns which published task from 200 samples?"
    methods: ClassVar[tuple[str, ...]] = (
        "enumerate",
        "length_first",
        "majority",
        "decision_tree",
        "random_forest",
        "xgboost",
        "nearest_neighbour",
        "logistic_regression",
        "mlp",
    )

    def chosen_tasks(self, options: Options, *, n: int) -> Mapping[str, Task]:
        """The 13 published tasks, unless the options ask for others."""
        return super().chosen_tasks(options, n=n) if options.tasks else tasks.published(n)

    def cells(self, options: Options) -> list[Cell]:
        """A cell for each task, method and seed; with several m, for each of them."""
        chosen = self.chosen_tasks(options, n=options.n or 100)
        return grid(self.name, options, chosen, self.chosen_methods(options), options.m or (200,))

    def table(self, results: Sequence[Finished]) -> Table:
        """Test accuracy in per cent, a row for each task."""
        methods = labels(results)
        rows = []
        for title, own in by_task(results).items():
            found = by_method(own)
            rows.append((title, *(fresh(found.get(label, ())) for label in methods)))
        return Table("Test accuracy (%)", ("task", *methods), tuple(rows), remarks(results))

    def figure(self, results: Sequence[Finished]) -> Chart:
        """A row of dots for each task."""
        titles = tuple(by_task(results))
        series = [
            Series(
                label,
                tuple(
                    (float(titles.index(title)), mean)
                    for title, rows in by_task(own).items()
                    if (mean := fresh(rows)) is not None
                ),
            )
            for label, own in by_method(results).items()
        ]
        return Chart(
            "Test accuracy on fresh samples",
            "test accuracy (%)",
            "",
            (Panel("", tuple(series)),),
            rows=titles,
        )
