"""`llmerm bench`: an experiment by its name, into a folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import JustifyMethod
from rich.table import Table as RichTable
from rich.text import Text

from llmerm.console.live import live_line
from llmerm.console.text import plain
from llmerm.errors import ArgumentError
from llmerm.experiments.benches import registry
from llmerm.experiments.estimate import Estimate
from llmerm.experiments.intervals import Summary
from llmerm.experiments.options import Options
from llmerm.experiments.run import plan, run
from llmerm.experiments.sweep import Sweep, SweepProgress
from llmerm.experiments.table import Entry, Table
from llmerm.experiments.table import shown as as_text
from llmerm.experiments.workers import processes
from llmerm.shell import Json, err, out, print_json
from llmerm.typing import Budget


def bench(
    name: Annotated[
        str | None, typer.Argument(help="Which experiment; none lists them.", show_default=False)
    ] = None,
    tasks: Annotated[
        str | None,
        typer.Option(
            "--tasks",
            help="Families or titles of the paper, as in 'parity,10-parity,k_parity:k=5'.",
        ),
    ] = None,
    methods: Annotated[
        str | None,
        typer.Option(
            "--methods", help="Proposers and baselines, as in 'enumerate,openai:MODEL,mlp'."
        ),
    ] = None,
    m: Annotated[
        str | None, typer.Option("--m", help="Numbers of samples, as in '100,1000'.")
    ] = None,
    n: Annotated[
        int | None, typer.Option("--n", help="Length of the inputs to learn from.")
    ] = None,
    lengths: Annotated[
        str | None, typer.Option("--lengths", help="Lengths to test at, as in '20,100'.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="How many seeds; one is quick.")] = 5,
    k: Annotated[int, typer.Option("--k", help="Programs that a proposer may draw.")] = 16,
    n_test: Annotated[int, typer.Option("--n-test", help="Fresh test samples.")] = 10_000,
    folder: Annotated[
        Path | None, typer.Option("--out", help="The folder to write; default: bench-NAME.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="Keep cells here; default: in the folder.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="Processes to measure on.")] = 1,
    usd: Annotated[
        float | None, typer.Option("--usd", help="Stop before more dollars are spent in all.")
    ] = None,
    calls: Annotated[
        int | None, typer.Option("--calls", help="Stop before more calls are made in all.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Begin no cell after so much time.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what there is to do and its highest cost.")
    ] = False,
    json_: Json = False,
) -> None:
    """Measure tasks x methods: tables, figures and a report, in a folder.

    Every cell is kept as it ends. Stop it when you like: the same command goes on where it was.

    Examples:
    The experiments, by name: [bold]llmerm bench[/]

    Ten minutes, no key: [bold]llmerm bench paper-table --seeds 1[/]

    A model beside the embedded search, for at most two dollars:
    [bold]llmerm bench paper-table --methods enumerate,openai:MODEL --usd 2[/]

    What there is to do, and what it would cost: [bold]llmerm bench paper-table --dry-run[/]
    """
    if name is None:
        _print_benches(json_=json_)
        return
    options = Options(
        tasks=_words(tasks),
        methods=_words(methods),
        m=_numbers("--m", m),
        n=n,
        lengths=_numbers("--lengths", lengths),
        seeds=tuple(range(seeds)),
        k=k,
        n_test=n_test,
    )
    folder = folder or Path(f"bench-{name}")
    told = plan(name, options, out=folder, ledger=ledger)
    if dry_run:
        _print_plan(told, json_=json_)
        return
    err.print(plain(_planned(told)), soft_wrap=True)
    with processes(workers) as executor, live_line(err) as line:

        def note(at: SweepProgress) -> None:
            line.keep(plain(_last(at)))
            line.show(_rest(at, workers))

        found = run(
            name,
            options,
            out=folder,
            ledger=ledger,
            executor=executor,
            at_once=workers,
            budget=Budget(usd=usd, calls=calls, seconds=seconds),
            progress=note,
        )
    _print_found(name, found, folder, json_=json_)


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _numbers(option: str, text: str | None) -> tuple[int, ...]:
    try:
        return tuple(map(int, _words(text)))
    except ValueError as error:
        raise ArgumentError(
            f"{option} takes whole numbers with commas between them, got {text!r}: '100,1000', say."
        ) from error


def _print_benches(*, json_: bool) -> None:
    questions = {name: registry.get(name).question for name in registry.names()}
    if json_:
        print_json({"benches": questions})
        return
    table = RichTable(title="Experiments: llmerm bench NAME")
    table.add_column("name")
    table.add_column("what it asks", overflow="fold")
    for name, question in questions.items():
        table.add_row(name, Text(question))
    out.print(table)


def _print_plan(told: Estimate, *, json_: bool) -> None:
    if json_:
        print_json(asdict(told))
    else:
        out.print(plain(f"{_planned(told)} Nothing was measured or asked."), soft_wrap=True)


def _planned(told: Estimate) -> str:
    usd = f"${told.most.usd:.2f}" if told.priced else "a price that is not known"
    cost = f"at most {told.most.calls} calls, {usd}" if told.most.calls else "no model is asked"
    if told.seconds is None:
        time = "the first cell of each method will tell how long it takes"
    else:
        time = f"about {_duration(told.seconds)} one after another"
    return f"{told.cells} cells, {told.done} of them done; for the rest {cost}, {time}."


def _duration(seconds: float) -> str:
    """Seconds as a person says them.

    >>> _duration(30), _duration(600), _duration(9000)
    ('30 s', '10 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _last(at: SweepProgress) -> str:
    cell, outcome = at.last
    right = outcome.test_accuracy
    shown = outcome.failure or ("no program" if right is None else f"{100 * right:.1f} % right")
    return f"[{at.done}/{at.cells}] {cell}: {shown}, {outcome.seconds:.1f} s"


def _rest(at: SweepProgress, workers: int) -> str:
    left = "" if at.seconds is None else f", about {_duration(at.seconds / workers)} left"
    spent = f", ${at.usage.usd:.4f} spent" if at.usage.usd else ""
    return f"{at.done} of {at.cells} cells{left}{spent}"


def _print_found(name: str, found: Sweep, folder: Path, *, json_: bool) -> None:
    table = registry.get(name).table(found.results)
    if json_:
        print_json(_as_dict(name, found, folder, table))
        return
    out.print(_rich(table, out.width))
    if not _fits(table, out.width):
        out.print("This terminal is too narrow for the intervals: the files have them.")
    out.print(plain(table.note), soft_wrap=True)
    if found.stopped:
        missing = found.cells - len(found.results)
        out.print(plain(f"stopped: {found.stopped}, {missing} cells were not begun. Run it again "
                        "with a larger budget to go on."), soft_wrap=True)  # fmt: skip
    out.print(plain(f"written to {folder}: open {folder / 'report.html'}"), soft_wrap=True)


def _as_dict(name: str, found: Sweep, folder: Path, table: Table) -> dict[str, object]:
    entries = [
        [asdict(entry) if isinstance(entry, Summary) else entry for entry in row]
        for row in table.rows
    ]
    return {
        "bench": name,
        "cells": found.cells,
        "measured": len(found.results),
        "stopped": found.stopped,
        "columns": table.columns,
        "rows": entries,
        "note": table.note,
        "folder": str(folder),
        "seconds": sum(outcome.seconds for _, outcome in found.results),
    }


def _fits(table: Table, width: int) -> bool:
    lines = [table.columns, *table.texts()]
    return sum(max(map(len, column)) + 3 for column in zip(*lines, strict=True)) < width


def _rich(table: Table, width: int) -> RichTable:
    """The table; its means alone, without lines, where the intervals do not fit."""
    wide = _fits(table, width)
    title, rows = Text(table.title), table.texts()
    shown = RichTable(title=title) if wide else RichTable(title=title, box=None, pad_edge=False)
    if not wide:
        rows = [[_brief(entry) for entry in row] for row in table.rows]
    for i, name in enumerate(table.columns):
        words = all(isinstance(row[i], str) for row in table.rows)
        side: JustifyMethod = "left" if words else "right"
        longest = max((len(row[i]) for row in rows), default=0)
        fixed = None if wide or words else longest + 1
        shown.add_column(Text(name), justify=side, overflow="fold", width=fixed)
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown


def _brief(entry: Entry) -> str:
    return entry.brief if isinstance(entry, Summary) else as_text(entry)
