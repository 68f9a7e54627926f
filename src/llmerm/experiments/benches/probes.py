"""Probes: what was learned, asked on other inputs; and learning from altered samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, final

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_method, by_task, grid, grouped, remarks
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart, Panel, Series
from llmerm.experiments.intervals import NOTE as INTERVALS
from llmerm.experiments.intervals import Summary, summary
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import FRESH, Checked, Finished
from llmerm.experiments.table import Table
from llmerm.tasks.base import Task

NOTE = (
    "longer, balance and near_misses ask what was learned from clean samples on other inputs; "
    "noise, shuffled and renamed learn anew from altered samples. With shuffled labels there is "
    f"nothing to learn: more than chance would be a fault. {INTERVALS}"
)


@final
@dataclass(frozen=True)
class Probes(Bench):
    """Tasks x methods x probes."""

    name: ClassVar[str] = "probes"
    question: ClassVar[str] = "What holds off the beaten track: longer, unbalanced, noisy, renamed?"
    tasks: ClassVar[tuple[str, ...]] = ("parity", "pattern 1", "palindrome", "Dyck-2")

    def cells(self, options: Options) -> list[Cell]:
        """For each task, method and seed a cell of clean samples, and one for each alteration."""
        chosen = self.chosen_tasks(options, n=options.n or 20)
        made = grid(self.name, options, chosen, self.chosen_methods(options), options.m or (200,))
        return [probed for cell in made for probed in _probed(cell, chosen[cell.title])]

    def table(self, results: Sequence[Finished]) -> Table:
        """Test accuracy in per cent, a row for each task and method."""
        names = _names(results)
        rows = [
            (title, label, *(found.get(name) for name in names))
            for (title, label), own in grouped(results, _row).items()
            for found in [_accuracies(own)]
        ]
        columns = ("task", "method", *names)
        return Table("Test accuracy (%) by probe", columns, tuple(rows), remarks(results, NOTE))

    def figure(self, results: Sequence[Finished]) -> Chart:
        """A panel for each task, in it a row of dots for each probe."""
        names = _names(results)
        return Chart(
            "Test accuracy by probe",
            "test accuracy (%)",
            "",
            tuple(
                Panel(title, tuple(_series(own, names))) for title, own in by_task(results).items()
            ),
            rows=names,
        )


def _probed(cell: Cell, task: Task) -> Iterator[Cell]:
    probes = task.probes()
    tests = tuple(probe.name for probe in probes if probe.kind == "test")
    yield replace(cell, test_probes=tests)
    for probe in probes:
        if probe.kind == "training":
            yield replace(cell, probe=probe.name)


def _row(cell: Cell) -> tuple[str, str]:
    return cell.title, cell.method.label


def _named(results: Sequence[Finished]) -> Iterator[tuple[str, Checked]]:
    """The tests, each under the name of its probe."""
    for cell, outcome in results:
        for test in outcome.tests:
            yield (cell.probe or FRESH) if test.name == FRESH else test.name, test


def _names(results: Sequence[Finished]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in _named(results)))


def _accuracies(results: Sequence[Finished]) -> dict[str, Summary]:
    found = list(_named(results))
    means = {name: summary(t for n, t in found if n == name) for name in _names(results)}
    return {name: mean for name, mean in means.items() if mean is not None}


def _series(results: Sequence[Finished], names: tuple[str, ...]) -> Iterator[Series]:
    for label, own in by_method(results).items():
        found = _accuracies(own)
        points = [(float(row), found[name]) for row, name in enumerate(names) if name in found]
        yield Series(label, tuple(points))
