"""A sweep in progress: what is done, what is in flight, what is left, what may be spent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field, replace
from pickle import PicklingError
from typing import NamedTuple, TypeAlias

from llmerm.errors import SweepError
from llmerm.experiments.allowance import allowance
from llmerm.experiments.begun import paid_for
from llmerm.experiments.cell import Cell
from llmerm.experiments.estimate import asks, seconds_left
from llmerm.experiments.joint import Desk
from llmerm.experiments.measure import measure
from llmerm.experiments.outcome import Finished, Outcome
from llmerm.ledger import Ledger
from llmerm.purse import Purse
from llmerm.scoring.troubles import is_closed
from llmerm.typing import Budget, Usage

_ENGINES = ("concurrent", "distributed", "ray")
"""Packages whose own errors say that a call was lost: the cell is not to blame."""
_AGAIN = 3  # times that a lost cell is measured again


@dataclass(frozen=True)
class SweepProgress:
    """Where a sweep stands, after each cell.

    Attributes:
        done: cells that are finished or have failed, of `cells`.
        last: the newest one.
        usage: what all have spent.
        seconds: what the rest may take, or None while that is not known.
    """

    done: int
    cells: int
    last: Finished
    usage: Usage
    seconds: float | None


Watcher: TypeAlias = Callable[[SweepProgress], None]


def finished(cells: Sequence[Cell], book: Ledger) -> Iterator[Finished]:
    """The cells that a ledger has the outcome of."""
    known = book.finished()
    for cell in cells:
        if cell.key in known:
            yield Finished(cell, Outcome.read(known[cell.key]))


class Places(NamedTuple):
    """Where cells are measured: those that ask no model, those that do, those with a batch."""

    executor: Executor
    driver: Executor
    threads: Executor


@dataclass
class Work:
    """A sweep in progress: what is done, what is left, what may still be spent."""

    cells: tuple[Cell, ...]
    book: Ledger
    budget: Budget
    progress: Watcher | None
    stopped: str = ""
    done: dict[str, Finished] = field(default_factory=dict)
    asking: dict[str, bool] = field(default_factory=dict)
    set_out: Set[str] = frozenset()
    lost: Counter[str] = field(default_factory=Counter)
    since: float = field(default_factory=time.monotonic)
    purse: Purse = field(init=False)

    def __post_init__(self) -> None:
        self.done = {one.cell.key: one for one in finished(self.cells, self.book)}
        limited = self.budget != Budget(seconds=self.budget.seconds)
        left = [one for one in self.cells if one.key not in self.done and self._asks(one)]
        kept = paid_for(left, self.book) if limited else {}
        self.purse = Purse(self.budget, self._spent(), kept)

    def run(self, places: Places, window: int) -> None:
        """Measures what the ledger does not have; first it sends the batches that cells want."""
        waiting = _pilots_first([cell for cell in self.cells if cell.key not in self.done])
        desk = Desk(self.book, self._left(), self.purse)
        apart = self._sent(desk, waiting, places.threads)
        waiting = [cell for cell in waiting if cell.key not in self.set_out]
        flying = dict(apart)
        try:
            while flying or waiting:
                while waiting and len(flying.keys() - apart) < window and self._affordable():
                    cell = waiting.pop(0)
                    place = places.driver if self._asks(cell) else places.executor
                    flying[self._submit(place, cell)] = cell
                if not flying:
                    break
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    cell = flying.pop(future)
                    if self._is_lost(cell, future):
                        waiting.insert(0, cell)
                    else:
                        self._finish(cell, self._outcome(cell, future))
        finally:
            for future in flying:
                future.cancel()
        desk.close()

    def _sent(
        self, desk: Desk, waiting: Sequence[Cell], threads: Executor
    ) -> dict[Future[Outcome], Cell]:
        """Cells whose draws were sent together; they wait for the batch, not for their turn."""
        if not self._affordable():
            return {}
        sent = desk.send(cell for cell in waiting if self._asks(cell))
        self.set_out = {cell.key for cell in sent} | desk.failed.keys()
        for cell in waiting:
            if cell.key in desk.failed:
                self._finish(cell, Outcome(status="failed", failure=desk.failed[cell.key]))
        return {threads.submit(self._collected, desk, cell): cell for cell in sent}

    def _collected(self, desk: Desk, cell: Cell) -> Outcome:
        """The outcome of a cell with a batch; where none of its draws came, they may yet cost."""
        got_nothing = True
        try:
            found = measure(cell, ledger=self.book.path, budget=self._left(), purse=self.purse)
            got_nothing = not found.finished and found.usage == Usage()
            return found
        finally:
            desk.lose(cell) if got_nothing else desk.release(cell)

    def _asks(self, cell: Cell) -> bool:
        label = cell.method.label
        if label not in self.asking:
            self.asking[label] = asks(cell.method)
        return self.asking[label]

    def results(self) -> tuple[Finished, ...]:
        """What is done, in the order of the cells."""
        return tuple(self.done[cell.key] for cell in self.cells if cell.key in self.done)

    def _spent(self) -> Usage:
        """What cells that are done have cost, with the seconds of this call."""
        total = sum((one.outcome.usage for one in self.done.values()), Usage())
        return self._now(total)

    def _now(self, usage: Usage) -> Usage:
        return replace(usage, seconds=time.monotonic() - self.since)

    def _left(self) -> Budget:
        return allowance(self.budget, self._now(self.purse.added()))

    def _affordable(self) -> bool:
        """Whether another cell may begin: no limit is reached, and none has cut a cell short."""
        if limit := self.budget.spent(self._now(self.purse.added())):
            self.stopped = f"the budget {limit} was reached"
        return not self.stopped

    def _submit(self, executor: Executor, cell: Cell) -> Future[Outcome]:
        """Measures a cell; one that asks a model spends from the sweep's purse, call by call."""
        asks = self._asks(cell)
        try:
            return executor.submit(
                _measured,
                cell,
                attempt=self.lost[cell.key],
                budget=self._left(),
                ledger=self.book.path if asks else None,
                purse=self.purse if asks else None,
            )
        except Exception as error:  # an executor is anybody's code
            if isinstance(error, BrokenExecutor) or is_closed(error):
                raise self._broken(cell, error) from error
            raise

    def _is_lost(self, cell: Cell, future: Future[Outcome]) -> bool:
        """Whether the engine lost the cell with a worker, and it should be measured again."""
        error = CancelledError() if future.cancelled() else future.exception()
        broken = isinstance(error, BrokenExecutor)
        if not broken and type(error).__module__.partition(".")[0] not in _ENGINES:
            return False
        if broken or self.lost[cell.key] == _AGAIN:
            raise self._broken(cell, error) from error
        self.lost[cell.key] += 1
        return True

    def _outcome(self, cell: Cell, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except PicklingError as error:
            raise self._broken(cell, error) from error

    def _finish(self, cell: Cell, outcome: Outcome) -> None:
        one = Finished(cell, outcome)
        if outcome.finished:
            self.book.finish(cell.key, cell.json, outcome.json)
        if not self._asks(cell):
            self.purse.pay(outcome.usage)
        self.done[cell.key] = one
        if outcome.unfinished:
            self.stopped = f"the budget was reached at {cell}"
        if self.progress is not None:
            rest = [cell for cell in self.cells if cell.key not in self.done]
            left = seconds_left(rest, self.done.values())
            at = SweepProgress(len(self.done), len(self.cells), one, self._spent(), left)
            self.progress(at)

    def _broken(self, cell: Cell, error: BaseException | None) -> SweepError:
        finished = sum(one.outcome.finished for one in self.done.values())
        return SweepError(
            f"the executor broke at {cell}: {error} {finished} of {len(self.cells)} cells are kept "
            f"in {self.book.path}; a worker may have run out of memory. Run again to resume, with "
            "fewer workers or without an executor."
        )


def _measured(
    cell: Cell,
    *,
    attempt: int,
    budget: Budget,
    ledger: str | None = None,
    purse: Purse | None = None,
) -> Outcome:
    """As `measure`; by the number of the attempt Dask tells a call from the one that was lost."""
    return measure(cell, ledger=ledger, budget=budget, purse=purse)


def _pilots_first(cells: Sequence[Cell]) -> list[Cell]:
    """The first cell of each method, then the others, so that the time is soon known."""
    first: dict[str, Cell] = {}
    for cell in cells:
        first.setdefault(cell.method.label, cell)
    pilots = list(first.values())
    return [*pilots, *(cell for cell in cells if not any(cell is pilot for pilot in pilots))]
