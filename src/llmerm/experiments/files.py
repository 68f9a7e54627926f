"""The files of an experiment: cells and their times, tables, figures, the report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from llmerm.errors import SweepError
from llmerm.experiments.benches.base import Bench
from llmerm.experiments.outcome import Checked, Finished, Outcome
from llmerm.experiments.page import page
from llmerm.experiments.plot import pdf, svg
from llmerm.experiments.provenance import provenance
from llmerm.experiments.table import Table, as_csv, as_latex, as_markdown

Contents = Mapping[str, Callable[[], str | bytes]]


def write(bench: Bench, results: Sequence[Finished], folder: str | os.PathLike[str]) -> list[Path]:
    """The files that were written into the folder, which is made if it is not there.

    `cells.csv`, `table.*` and `figure.*` depend on the cells and their outcomes alone: the same
    sweep writes them again byte by byte. Times are in `timings.csv`, and all of it, with programs
    and candidates, in `report.html`. Figures need the extra `plot` and are left out without it.

    Raises:
        SweepError: if a file cannot be written; files that are there stay whole.
    """
    there = Path(folder)
    table = bench.table(results)
    contents: dict[str, Callable[[], str | bytes]] = {
        "cells.csv": lambda: as_csv(cell_table(results)),
        "timings.csv": lambda: as_csv(timing_table(results)),
        "table.csv": lambda: as_csv(table),
        "table.md": lambda: as_markdown(table),
        "table.tex": lambda: as_latex(table),
        "report.html": lambda: page(bench, results, provenance()),
    }
    if find_spec("matplotlib") is not None:
        chart = bench.figure(results)
        contents |= {"figure.svg": lambda: svg(chart), "figure.pdf": lambda: pdf(chart)}
    return [_written(there / name, make()) for name, make in contents.items()]


def _written(path: Path, content: str | bytes) -> Path:
    """All or nothing: the new file takes the old one's place when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:
        raise SweepError(
            f"{path} cannot be written: {error.strerror or error}. What was measured is kept in "
            "the ledger; free space or choose another folder, then run again: nothing is "
            "measured twice."
        ) from error
    return path


def cell_table(results: Sequence[Finished]) -> Table:
    """A row for each test of each cell, with nothing in it that depends on the clock."""
    rows = [
        (*_identity(one), test.name, test.n, test.accuracy, test.samples, test.why,
         *_found(one.outcome))
        for one in results
        for test in one.outcome.tests or (_NO_TEST,)
    ]  # fmt: skip
    return Table("cells", _IDENTITY + _TEST + _FOUND, tuple(rows))


_NO_TEST = Checked("none", 0, None)
_IDENTITY = (
    "key", "bench", "task", "family", "task_parameters", "method", "method_parameters", "m", "seed",
    "k", "probe",
)  # fmt: skip
_TEST = ("test", "n", "accuracy", "samples", "why")
_FOUND = (
    "status", "failure", "train_accuracy", "held_out_accuracy", "bits", "error_bound", "candidates",
    "examples", "calls", "tokens_in", "tokens_out", "usd", "source",
)  # fmt: skip


def _identity(one: Finished) -> tuple[str | int | None, ...]:
    cell = one.cell
    return (
        cell.key,
        cell.bench,
        cell.title,
        cell.task,
        json.dumps(dict(cell.task_parameters), sort_keys=True),
        cell.method.label,
        json.dumps(dict(cell.method.parameters), sort_keys=True),
        cell.m,
        cell.seed,
        cell.k,
        cell.probe,
    )


def _found(outcome: Outcome) -> tuple[str | int | float | None, ...]:
    return (
        outcome.status,
        outcome.failure,
        outcome.train_accuracy,
        outcome.held_out_accuracy,
        outcome.bits,
        outcome.bound,
        len(outcome.candidates),
        outcome.examples,
        outcome.usage.calls,
        outcome.usage.tokens_in,
        outcome.usage.tokens_out,
        outcome.usage.usd,
        outcome.source,
    )


def timing_table(results: Sequence[Finished]) -> Table:
    """The wall seconds of each cell."""
    rows = [
        (cell.key, cell.title, cell.method.label, cell.m, cell.seed, cell.probe, outcome.seconds)
        for cell, outcome in results
    ]
    columns = ("key", "task", "method", "m", "seed", "probe", "seconds")
    return Table("timings", columns, tuple(rows))
