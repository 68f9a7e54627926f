"""More data: test accuracy against the number of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import curves, fresh, grid, grouped, remarks
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished
from llmerm.experiments.table import Table

SIZES = (10, 100, 200, 1_000, 10_000, 100_000)


@final
@dataclass(frozen=True)
class DataScaling(Bench):
    """Tasks x methods x numbers of samples.

    Source: the LLM-ERM paper (arXiv 2510.14331), "more data".
    """

    name: ClassVar[str] = "data-scaling"
    question: ClassVar[str] = "How many samples does each method need?"
    tasks: ClassVar[tuple[str, ...]] = ("10-parity", "CA parity", "IsPrime")

    def cells(self, options: Options) -> list[Cell]:
        """A cell for each task, number of samples, method and seed."""
        chosen = self.chosen_tasks(options, n=options.n or 100)
        return grid(self.name, options, chosen, self.chosen_methods(options), options.m or SIZES)

    def table(self, results: Sequence[Finished]) -> Table:
        """Test accuracy in per cent, a row for each task and method."""
        sizes = tuple(sorted({cell.m for cell, _ in results}))
        rows = []
        for (title, label), own in grouped(results, _row).items():
            found = grouped(own, lambda cell: cell.m)
            rows.append((title, label, *(fresh(found.get(m, ())) for m in sizes)))
        columns = ("task", "method", *(f"m={m}" for m in sizes))
        return Table("Test accuracy (%) by samples", columns, tuple(rows), remarks(results))

    def figure(self, results: Sequence[Finished]) -> Chart:
        """A panel for each task, a curve for each method."""
        return Chart(
            "Test accuracy against samples",
            "samples m",
            "test accuracy (%)",
            curves(results, lambda cell: cell.m),
            log_x=True,
        )


def _row(cell: Cell) -> tuple[str, str]:
    return cell.title, cell.method.label
