"""Longer rules: test accuracy against the description length of the true program."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from llmerm.errors import TaskError
from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_method, fresh, grid, grouped, remarks
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart, Panel, Series
from llmerm.experiments.intervals import NOTE as INTERVALS
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished
from llmerm.experiments.table import Table

NOTE = (
    "Bits: of the true program's normal form under one fixed prefix code, and of the found "
    f"program under its proposer's own prior, so the two columns are not on one scale. {INTERVALS}"
)


@final
@dataclass(frozen=True)
class DescriptionLength(Bench):
    """Rules of growing length x methods: k-parities, whose program names k positions."""

    name: ClassVar[str] = "description-length"
    question: ClassVar[str] = "How long may a rule be before each method misses it?"
    tasks: ClassVar[tuple[str, ...]] = tuple(f"k_parity:k={k}" for k in (1, 2, 3, 4, 6, 8, 10, 14))
    methods: ClassVar[tuple[str, ...]] = ("enumerate", "length_first")

    def cells(self, options: Options) -> list[Cell]:
        """A cell for each task, method and seed."""
        chosen = self.chosen_tasks(options, n=options.n or 100)
        return grid(self.name, options, chosen, self.chosen_methods(options), options.m or (200,))

    def table(self, results: Sequence[Finished]) -> Table:
        """A row for each task and method, the shortest rule first."""
        rows = [
            (title, label, true_bits(own[0].cell), _found_bits(own), fresh(own))
            for (title, label), own in grouped(results, _row).items()
        ]
        rows.sort(key=lambda row: (row[2] or 0.0, row[0]))
        columns = ("task", "method", "bits of the rule", "bits found", "test accuracy (%)")
        note = remarks(results, NOTE)
        return Table("Test accuracy by description length", columns, tuple(rows), note)

    def figure(self, results: Sequence[Finished]) -> Chart:
        """One panel, a curve for each method."""
        series = []
        for label, own in by_method(results).items():
            groups = grouped(own, lambda cell: (true_bits(cell) or 0.0, cell.title))
            points = [(bits, fresh(rows)) for (bits, _), rows in sorted(groups.items())]
            series.append(Series(label, tuple((x, y) for x, y in points if y is not None)))
        return Chart(
            "Test accuracy against description length",
            "bits of the true program",
            "test accuracy (%)",
            (Panel("", tuple(series)),),
        )


def _row(cell: Cell) -> tuple[str, str]:
    return cell.title, cell.method.label


def true_bits(cell: Cell) -> float | None:
    """The description length of the task's own program, in bits; None if it has none."""
    try:
        return cell.make_task().program.bits
    except TaskError:
        return None


def _found_bits(results: Sequence[Finished]) -> float | None:
    """The median over the seeds whose program is not an abstention's."""
    bits = [
        outcome.bits
        for _, outcome in results
        if outcome.bits is not None and outcome.status != "abstained"
    ]
    return statistics.median(bits) if bits else None
