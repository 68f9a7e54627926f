"""Results sorted into the rows, columns and curves of an experiment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from llmerm.experiments.cell import Cell
from llmerm.experiments.chart import Panel, Series
from llmerm.experiments.intervals import NOTE, Summary, summary
from llmerm.experiments.methods import Method
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished
from llmerm.tasks.base import Task

Key = TypeVar("Key")


def grid(
    bench: str,
    options: Options,
    chosen: Mapping[str, Task],
    methods: Sequence[Method],
    sizes: Sequence[int],
) -> list[Cell]:
    """A cell for each task, size, method and seed, in this order."""
    return [
        Cell(
            bench=bench,
            title=title,
            task=task.name,
            task_parameters=dict(task.parameters),
            method=method,
            m=m,
            seed=seed,
            k=options.k,
            n_test=options.n_test,
        )
        for title, task in chosen.items()
        for m in sizes
        for method in methods
        for seed in options.seeds
    ]


def grouped(results: Iterable[Finished], key: Callable[[Cell], Key]) -> dict[Key, list[Finished]]:
    """The results by a property of their cells, in the order of their first occurrence."""
    groups: dict[Key, list[Finished]] = {}
    for one in results:
        groups.setdefault(key(one.cell), []).append(one)
    return groups


def by_task(results: Iterable[Finished]) -> dict[str, list[Finished]]:
    """The results by the titles of their tasks."""
    return grouped(results, lambda cell: cell.title)


def by_method(results: Iterable[Finished]) -> dict[str, list[Finished]]:
    """The results by the labels of their methods."""
    return grouped(results, lambda cell: cell.method.label)


def labels(results: Iterable[Finished]) -> tuple[str, ...]:
    """The labels of the methods, in order."""
    return tuple(by_method(results))


def fresh(results: Iterable[Finished]) -> Summary | None:
    """The accuracy on fresh samples over the seeds."""
    return summary(outcome.fresh for _, outcome in results)


def curves(
    results: Sequence[Finished],
    x: Callable[[Cell], float],
    y: Callable[[Sequence[Finished]], Summary | None] = fresh,
) -> tuple[Panel, ...]:
    """A panel for each task, in it a curve for each method."""
    return tuple(
        Panel(
            title,
            tuple(
                Series(label, _points(grouped(own, x), y)) for label, own in by_method(rows).items()
            ),
        )
        for title, rows in by_task(results).items()
    )


def _points(
    groups: Mapping[float, Sequence[Finished]],
    y: Callable[[Sequence[Finished]], Summary | None],
) -> tuple[tuple[float, Summary], ...]:
    found = [(x, y(rows)) for x, rows in sorted(groups.items())]
    return tuple((x, mean) for x, mean in found if mean is not None)


def remarks(results: Iterable[Finished], note: str = NOTE) -> str:
    """What a table says below: its intervals or another note, who abstained, and what failed."""
    abstained: list[str] = []
    failed: list[str] = []
    for cell, outcome in results:
        where = f"{cell.title} x {cell.method.label}" + (f" ({cell.probe})" if cell.probe else "")
        if outcome.status == "abstained":
            abstained.append(where)
        if outcome.failure:
            failed.append(f"{where} ({outcome.failure})")
    parts = [note]
    if abstained:
        parts.append(f"No program was shown to beat chance: {_once(abstained)}.")
    if failed:
        parts.append(f"Failed: {_once(failed)}.")
    return " ".join(parts)


def _once(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
