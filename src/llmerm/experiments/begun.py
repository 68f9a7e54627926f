"""Cells that an earlier sweep has begun and not finished: what their draws have cost."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from llmerm.errors import LlmermError
from llmerm.experiments.cell import Cell
from llmerm.experiments.fitting import algorithm_of
from llmerm.experiments.measure import samples_of
from llmerm.ledger import Ledger, Run
from llmerm.proposers.base import Proposer
from llmerm.typing import Budget, Usage


def run_in(cell: Cell) -> Run | None:
    """What a ledger knows the cell's draws by; None for cells that no proposer draws for.

    Raises:
        LlmermError: if the cell cannot be measured.
    """
    proposer = cell.method.make()
    if not isinstance(proposer, Proposer):
        return None
    samples = samples_of(cell)
    return algorithm_of(proposer, cell, samples, ledger=None, budget=Budget(), purse=None).run


def paid_for(cells: Iterable[Cell], book: Ledger) -> dict[str, Usage]:
    """What the ledger's draws for these cells have cost, by the keys of their runs.

    The answers of baselines that ask a model are none of them.

    >>> import tempfile
    >>> paid_for([], Ledger(f"{tempfile.mkdtemp()}/cells.sqlite"))
    {}
    """
    known = {run.key for run in book.runs()}
    found: dict[str, Usage] = {}
    for cell in cells if known else ():
        with suppress(LlmermError):  # it is told when the cell is measured
            run = run_in(cell)
            if run is not None and run.key in known:
                kept = [old.usage for draw, old in book.draws(run).items() if draw < cell.k]
                found[run.key] = sum(kept, Usage())
    return found
