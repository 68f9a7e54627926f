"""Length generalisation: learned at one length, tested at longer ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, final

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_method, by_task, grid, grouped, remarks
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart, Panel, Series
from llmerm.experiments.intervals import Summary, summary
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import FRESH, Finished
from llmerm.experiments.table import Table

LENGTHS = (20, 25, 30, 50, 100, 200, 500, 1_000)


@final
@dataclass(frozen=True)
class LengthGeneralisation(Bench):
    """Tasks x methods, each program tested at many lengths.

    Source: the LLM-ERM paper (arXiv 2510.14331), trained at n = 10 and tested to 100.
    """

    name: ClassVar[str] = "length-generalisation"
    question: ClassVar[str] = "Does what was learned at one length hold for longer inputs?"
    tasks: ClassVar[tuple[str, ...]] = ("parity", "half_parity", "pattern:pattern=101", "ca_parity")

    def cells(self, options: Options) -> list[Cell]:
        """A cell for each task, method and seed, tested at all lengths."""
        chosen = self.chosen_tasks(options, n=options.n or 10)
        made = grid(self.name, options, chosen, self.chosen_methods(options), options.m or (200,))
        lengths = options.lengths or LENGTHS
        return [replace(cell, lengths=_other(lengths, cell)) for cell in made]

    def table(self, results: Sequence[Finished]) -> Table:
        """Test accuracy in per cent, a row for each task and method, the learned length first."""
        lengths = sorted({test.n for _, outcome in results for test in outcome.tests})
        rows = [
            (title, label, *(found.get(n) for n in lengths))
            for (title, label), own in grouped(results, _row).items()
            for found in [dict(_points(own))]
        ]
        columns = ("task", "method", *(f"n={n}" for n in lengths))
        return Table("Test accuracy (%) by length", columns, tuple(rows), remarks(results))

    def figure(self, results: Sequence[Finished]) -> Chart:
        """A panel for each task, a curve for each method."""
        panels = tuple(
            Panel(
                title,
                tuple(Series(label, _points(rows)) for label, rows in by_method(own).items()),
            )
            for title, own in by_task(results).items()
        )
        return Chart(
            "Test accuracy against the length of inputs",
            "length n of test inputs",
            "test accuracy (%)",
            panels,
            log_x=True,
        )


def _other(lengths: Sequence[int], cell: Cell) -> tuple[int, ...]:
    """All but the length that is learned at, which is tested in any case."""
    return tuple(n for n in sorted(set(lengths)) if n != cell.task_parameters.get("n"))


def _row(cell: Cell) -> tuple[str, str]:
    return cell.title, cell.method.label


def _points(results: Sequence[Finished]) -> tuple[tuple[int, Summary], ...]:
    """The mean accuracy at each length at which there was a test."""
    tests = [test for _, outcome in results for test in outcome.tests]
    at = {
        n: summary(t for t in tests if t.n == n and t.name in (FRESH, "length"))
        for n in sorted({test.n for test in tests})
    }
    return tuple((n, mean) for n, mean in at.items() if mean is not None)
