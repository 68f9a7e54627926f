"""Measures many cells on any executor, each kept as it ends, and resumes where it stopped."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from llmerm.errors import ArgumentError
from llmerm.experiments.cell import Cell
from llmerm.experiments.here import Here
from llmerm.experiments.measure import without_advice
from llmerm.experiments.outcome import Finished
from llmerm.experiments.threads import Threads
from llmerm.experiments.work import Places, SweepProgress, Watcher, Work, finished
from llmerm.ledger import Ledger
from llmerm.scoring.troubles import checked
from llmerm.typing import Budget

__all__ = ["Sweep", "SweepProgress", "Watcher", "kept", "sweep"]

_WAITING = 8
"""Cells at a time that wait for a batch, beside those that are in flight."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep has found.

    Attributes:
        results: what was measured, in the order of the cells, failures among them.
        cells: how many cells there are.
        stopped: the limit that ended it early, in words; empty if it went through.
    """

    results: tuple[Finished, ...]
    cells: int
    stopped: str = ""


def sweep(
    cells: Sequence[Cell],
    *,
    ledger: str | os.PathLike[str],
    executor: Executor | None = None,
    at_once: int | None = None,
    budget: Budget | None = None,
    progress: Watcher | None = None,
) -> Sweep:
    """The outcomes of cells. Each is in the ledger as soon as it ends; a later sweep resumes.

    Cells that failed, or that a budget cut short, are measured again then.

    Args:
        cells: what to measure. The first of each method come first, as a pilot of the time.
        ledger: a path, made if there is none.
        executor: any `concurrent.futures.Executor`; None measures here, one after another. Cells
            that ask a model stay in this process, which alone writes the ledger: in threads.
        at_once: cells in flight at a time; default 1 here, else 16.
        budget: a hard stop over the whole sweep, what finished cells have spent included; its
            seconds are those of this call. Calls of all cells in flight together count: one is
            made only if the most that it can cost is left.
        progress: called with a `SweepProgress` after each cell.

    Raises:
        ArgumentError: if `executor` or `budget` is none, or `at_once` is less than 1.
        ExecutorError: if `executor` is shut down or broken.
        SweepError: if the executor breaks on the way; what was finished is kept.
        LedgerError: if the ledger cannot be read or written.

    >>> import tempfile
    >>> sweep([], ledger=f"{tempfile.mkdtemp()}/cells.sqlite").results
    ()
    """
    place = Here() if executor is None else checked(executor)
    _check(at_once, budget)
    with Ledger(ledger) as book:
        work = Work(tuple(cells), book, budget or Budget(), progress)
        window = at_once or (1 if executor is None else 16)
        with (
            Threads(window) if window > 1 else Here() as driver,
            Threads(_WAITING) as threads,
            without_advice(),
        ):
            work.run(Places(place, driver, threads), window)
    return Sweep(work.results(), len(cells), work.stopped)


def _check(at_once: int | None, budget: Budget | None) -> None:
    if at_once is not None and at_once < 1:
        raise ArgumentError(f"`at_once` must be at least 1, got {at_once!r}.")
    if budget is not None and not isinstance(budget, Budget):
        raise ArgumentError(f"`budget` must be a Budget, got {budget!r}: Budget(usd=1.5), say.")


def kept(cells: Sequence[Cell], ledger: str | os.PathLike[str]) -> tuple[Finished, ...]:
    """The cells that a ledger has the outcome of, in their order.

    Raises:
        LedgerError: if there is no ledger, or it cannot be read.
    """
    with Ledger(ledger, create=False) as book:
        return tuple(finished(cells, book))
