"""How many draws it takes: coverage@k, and what selection by held-out error makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, final

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_method, by_task, grid, grouped, remarks
from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Chart, Panel, Series
from llmerm.experiments.coverage import coverage_at, doubling
from llmerm.experiments.intervals import Summary, share
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished, Outcome
from llmerm.experiments.table import Table

NOTE = (
    "A candidate is right if it errs on none of the fresh test samples. coverage@k: the chance "
    "that k draws hold a right one, 1 - C(n-c,k)/C(n,k), unbiased where draws are independent, as "
    "a model's are; a search's come in a fixed order, for which 'first k' says it as it is. One "
    "that ends after fewer than k draws stays where it was. "
    "selected@k: the program with the least held-out error among the first k is right. "
    "95 % intervals over the seeds: exact binomial for what is right or not, else Student's t; "
    "a single seed has none."
)


@final
@dataclass(frozen=True)
class Candidates(Bench):
    """Tasks x methods, every candidate tested on fresh samples."""

    name: ClassVar[str] = "candidates"
    question: ClassVar[str] = "How many draws does it take, and does selection find the right one?"
    methods: ClassVar[tuple[str, ...]] = ("enumerate", "random_grammar")
    tasks: ClassVar[tuple[str, ...]] = ("parity", "pattern 1", "palindrome", "CA parity")

    def cells(self, options: Options) -> list[Cell]:
        """A cell for each task, method and seed, in which all k draws are made."""
        chosen = self.chosen_tasks(options, n=options.n or 100)
        methods = [one for one in self.chosen_methods(options) if one.kind == "proposer"]
        made = grid(self.name, options, chosen, methods, options.m or (200,))
        return [replace(cell, every_candidate=True) for cell in made]

    def table(self, results: Sequence[Finished]) -> Table:
        """A row for each task, method and k."""
        rows = []
        for (title, label), own in grouped(results, _row).items():
            for k in doubling(max((cell.k for cell, _ in own), default=1)):
                values = [measure(own, k) for measure in (_covered, _first, _selected)]
                rows.append((title, label, k, *values))
        columns = ("task", "method", "k", "coverage@k", "first k", "selected@k")
        note = remarks(results, NOTE)
        return Table("A right program among k draws (%)", columns, tuple(rows), note)

    def figure(self, results: Sequence[Finished]) -> Chart:
        """A panel for each task: coverage and selection of each method."""
        panels = tuple(Panel(title, tuple(_series(own))) for title, own in by_task(results).items())
        return Chart(
            "Coverage and selection against draws",
            "candidates k",
            "right program (%)",
            panels,
            log_x=True,
            chance=None,
        )


def _row(cell: Cell) -> tuple[str, str]:
    return cell.title, cell.method.label


def _series(results: Sequence[Finished]) -> Iterator[Series]:
    for label, own in by_method(results).items():
        ks = doubling(max((cell.k for cell, _ in own), default=1))
        for name, measure in (("coverage", _covered), ("selected", _selected)):
            points = [(float(k), mean) for k in ks if (mean := measure(own, k)) is not None]
            yield Series(f"{label}: {name}", tuple(points))


def _covered(results: Sequence[Finished], k: int) -> Summary | None:
    """coverage@k over the seeds; a method that had no more than n < k draws has coverage@n."""
    return share(
        [
            coverage_at(min(k, len(right)), draws=len(right), right=sum(right))
            for right in map(_rights, results)
            if right
        ]
    )


def _first(results: Sequence[Finished], k: int) -> Summary | None:
    return share([float(any(right[:k])) for right in map(_rights, results) if right])


def _selected(results: Sequence[Finished], k: int) -> Summary | None:
    return share([float(_selects_right(one.outcome, k)) for one in results if one.outcome.selected])


def _selects_right(outcome: Outcome, k: int) -> bool:
    index = outcome.selected[min(k, len(outcome.selected)) - 1]
    return index is not None and outcome.candidates[index].accuracy == 1.0


def _rights(one: Finished) -> list[bool]:
    """Of each draw, whether it is a right program."""
    return [drawn.accuracy == 1.0 for drawn in one.outcome.candidates]
