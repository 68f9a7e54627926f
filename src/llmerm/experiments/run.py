"""Runs an experiment as a whole: cells, sweep, files."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path

from llmerm.errors import SweepError
from llmerm.experiments.benches import registry
from llmerm.experiments.benches.base import Bench
from llmerm.experiments.estimate import Estimate, estimate
from llmerm.experiments.files import write
from llmerm.experiments.options import Options
from llmerm.experiments.sweep import Sweep, Watcher, kept, sweep
from llmerm.typing import Budget

LEDGER = "ledger.sqlite"
"""The ledger's name in an experiment's own folder."""


def run(
    bench: str | Bench,
    options: Options | None = None,
    *,
    out: str | os.PathLike[str],
    ledger: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
    at_once: int | None = None,
    budget: Budget | None = None,
    progress: Watcher | None = None,
) -> Sweep:
    """What an experiment finds; its tables, figures and report are written into `out`.

    Run it again to resume: what the ledger has is not measured twice. Where it is interrupted or
    has to stop, the files show what there is.

    Args:
        bench: a name out of `benches.registry.names()`, or a `Bench` of your own.
        options: tasks, methods, sizes, seeds; None for the experiment's own.
        out: a folder, made if it is not there.
        ledger: a path; None for `ledger.sqlite` in `out`.
        executor: as in `sweep`, and so are all that follow.
        at_once: how many cells are handed to it at a time.
        budget: a hard stop over the whole sweep.
        progress: called after each cell.

    Raises:
        UnknownNameError: if a bench, task or method does not exist; it has the nearest names.
        TaskError: if a task does not exist at this length.
        ExecutorError: if the executor is shut down or broken.
        SweepError: if it breaks on the way, or the folder cannot be written.
        LedgerError: if the ledger cannot be read or written.

    >>> import tempfile
    >>> options = Options(tasks=("parity",), methods=("majority",), n=20, seeds=(0,), n_test=200)
    >>> len(run("paper-table", options, out=tempfile.mkdtemp()).results)
    1
    """
    chosen = registry.get(bench) if isinstance(bench, str) else bench
    cells = chosen.cells(options or Options())
    book = ledger_in(out, ledger)
    try:
        done = sweep(
            cells,
            ledger=book,
            executor=executor,
            at_once=at_once,
            budget=budget,
            progress=progress,
        )
    except (KeyboardInterrupt, SweepError):
        with suppress(SweepError):  # the first error is the one to tell
            write(chosen, kept(cells, book), out)
        raise
    write(chosen, done.results, out)
    return done


def plan(
    bench: str | Bench,
    options: Options | None = None,
    *,
    out: str | os.PathLike[str],
    ledger: str | os.PathLike[str] | None = None,
) -> Estimate:
    """What `run` with the same arguments would do, cost and take. Nothing is measured or asked."""
    chosen = registry.get(bench) if isinstance(bench, str) else bench
    cells = chosen.cells(options or Options())
    book = Path(ledger or Path(out) / LEDGER)
    return estimate(cells, kept(cells, book) if book.exists() else ())


def ledger_in(
    out: str | os.PathLike[str], ledger: str | os.PathLike[str] | None
) -> str | os.PathLike[str]:
    """The path of the ledger, once the folder `out` is there.

    Raises:
        SweepError: if there can be no such folder.
    """
    try:
        Path(out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SweepError(
            f"the folder {os.fspath(out)!r} cannot be made: {error.strerror or error}. Nothing was "
            "measured. Choose another one with `out`."
        ) from error
    return ledger or Path(out) / LEDGER
