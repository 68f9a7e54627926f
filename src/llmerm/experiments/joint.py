"""One batch for many cells: what each would send a batch for is sent together, beforehand.

A cell then finds its batch in the ledger, as one that was interrupted would.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from llmerm.errors import LlmermError
from llmerm.experiments.cell import Cell
from llmerm.experiments.fitting import algorithm_of
from llmerm.experiments.measure import samples_of
from llmerm.ledger import Ledger, Run
from llmerm.loops import blocking
from llmerm.meter import Meter
from llmerm.proposers.batch import Batches, loads
from llmerm.proposers.batching import Noted, under_way
from llmerm.proposers.collection import Collection, collection
from llmerm.proposers.model import Fault, Model, Request
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.purse import Purse
from llmerm.typing import Budget, Usage


@dataclass(frozen=True, eq=False)
class Order:
    """What one run wants of a batch.

    Attributes:
        run: what the ledger knows its draws by.
        cells: the cells that are measured with these draws.
        model: what is asked, and `batches` its batch endpoint.
        requests: one for each draw that has no reply yet.
        sent: the batches of an earlier sweep that some of them are in.
    """

    run: Run
    cells: tuple[Cell, ...]
    model: Model
    batches: Batches
    requests: tuple[Request, ...]
    sent: tuple[Noted, ...]

    @property
    def kind(self) -> tuple[Hashable, str]:
        """The same for orders that one batch can hold: the same model, asked in the same way."""
        return self.model.identity, json.dumps(dict(self.model.parameters), sort_keys=True)

    def unsent(self) -> list[Request]:
        """The requests that are in no batch."""
        known = {draw for batch in self.sent for draw in batch.draws}
        return [one for one in self.requests if one.draws[0] not in known]

    def most(self, but: Iterable[Request] = ()) -> Usage:
        """The most that all requests can cost, `but` for some."""
        left = {one.draws for one in self.requests} - {one.draws for one in but}
        costs = (self.batches.cost(one.prompt, 1) for one in self.requests if one.draws in left)
        return sum(costs, Usage())

    def joined(self, other: Order) -> Order:
        """The order of both: of the same run, one asks for the first of the other's draws."""
        more = max(self, other, key=lambda one: len(one.requests))
        return replace(more, cells=self.cells + other.cells)


@dataclass
class Desk:
    """Sends the orders of a sweep's cells, and keeps what comes back for as long as it is held.

    Attributes:
        book: where the batches are noted, before anything else.
        budget: what is left for the cells, and `purse` what all spend from.
        failed: why the orders of cells could not be sent, by the cells' keys.
    """

    book: Ledger
    budget: Budget
    purse: Purse
    failed: dict[str, str] = field(default_factory=dict)
    _claims: dict[str, int] = field(default_factory=dict)
    _most: dict[str, Usage] = field(default_factory=dict)
    _held: dict[str, list[Collection]] = field(default_factory=dict)
    _asked: list[tuple[Run, Noted, Collection]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._meter = Meter(Budget(), purse=self.purse)

    def send(self, cells: Iterable[Cell]) -> list[Cell]:
        """The cells all of whose draws are in batches now; they need only be waited for.

        Cells of other methods are none of them, nor are those for which too little is left.
        """
        orders = [order for order in _by_run(self._orders(cells)) if self._claimed(order)]
        kinds: dict[tuple[Hashable, str], list[Order]] = {}
        for order in orders:
            kinds.setdefault(order.kind, []).append(order)
        for alike in kinds.values():
            for order in alike:
                for old in order.sent:
                    self._hold(order, old)
            blocking(self._submit(alike))
        sent = [cell for order in orders for cell in order.cells]
        return [cell for cell in sent if cell.key not in self.failed]

    def release(self, cell: Cell, cost: Usage | None = None) -> None:
        """Ends what was set aside for a cell: by now its own meter counts what it did cost.

        What cells have in common is set aside until the last of them is done. `cost` is what no
        cell will count.
        """
        with self.purse.lock:
            claim = self._claims.pop(cell.key, None)
            if claim is not None and claim not in self._claims.values():
                self._meter.settle({claim: cost or Usage()})

    def lose(self, cell: Cell) -> None:
        """Ends the wait for a cell that got nothing: what its draws may yet cost stays spent."""
        void = all(one.is_void for one in self._held[cell.key])
        self.release(cell, None if void else self._most[cell.key])

    def close(self) -> None:
        """Notes which batches failed as a whole, so that the next sweep sends others.

        Only once no cell asks for them any more: it would send one of its own.
        """
        void = [(run, replace(one, done=True)) for run, one, asked in self._asked if asked.is_void]
        self.book.note_all((run, one.name, one.json) for run, one in void)

    def _orders(self, cells: Iterable[Cell]) -> Iterator[Order]:
        for cell in cells:
            with suppress(LlmermError):  # it is told when the cell is measured
                if (order := self._order(cell)) is not None and order.requests:
                    yield order

    def _order(self, cell: Cell) -> Order | None:
        proposer = cell.method.make()
        if not isinstance(proposer, ModelProposer) or not proposer.sends_one_batch:
            return None
        algorithm = algorithm_of(
            proposer, cell, samples_of(cell), ledger=None, budget=self.budget, purse=None
        )
        run, train = algorithm.run, algorithm.split.train
        kept = {draw: old for draw, old in self.book.draws(run).items() if draw < cell.k}
        left = proposer.under(replace(algorithm.terms, paid=kept))
        requests = tuple(left.to_batch(train, cell.k, cell.seed))
        sent = tuple(under_way(self.book.notes(run)))
        batches = proposer.model.batches
        if batches is None:
            return None
        return Order(run, (cell,), proposer.model, batches, requests, sent)

    def _claimed(self, order: Order) -> bool:
        """Whether what an order can cost is left; it is set aside then. What was sent is paid."""
        claim = len(self._claims)
        if not order.unsent():
            self._meter.hold({claim: order.most()})
        elif self._meter.claim({claim: order.most()}) is not None:
            return False
        self._claims |= {cell.key: claim for cell in order.cells}
        self._most |= {cell.key: order.most() for cell in order.cells}
        return True

    async def _submit(self, orders: Sequence[Order]) -> None:
        """Sends what is unsent of orders of one kind. A batch is tried once: it may be taken."""
        wanted = [(order, request) for order in orders for request in order.unsent()]
        requests = [replace(one, number=number) for number, (_, one) in enumerate(wanted)]
        done = 0
        for order in orders:
            self.book.begin(order.run)
        try:
            for part in loads(orders[0].batches, requests):
                batch = await orders[0].batches.submit(part)
                self._note(batch, wanted[done : done + len(part)], done)
                done += len(part)
        except Fault as fault:
            self._fail(wanted[done:], fault)
        finally:
            await orders[0].model.aclose()

    def _note(self, batch: str, part: Sequence[tuple[Order, Request]], first: int) -> None:
        """Notes for each run of a batch, all at once, which of its requests are the run's."""
        noted: dict[str, tuple[Order, Noted]] = {}
        for number, (order, request) in enumerate(part, first):
            _, old = noted.get(order.run.key, (order, Noted(batch, (), first=number)))
            noted[order.run.key] = order, replace(old, draws=old.draws + request.draws)
        self.book.note_all((order.run, one.name, one.json) for order, one in noted.values())
        for order, one in noted.values():
            self._hold(order, one)

    def _hold(self, order: Order, batch: Noted) -> None:
        """Keeps what comes of a batch for as long as the order's cells may ask for it."""
        asked = collection(order.model.identity, batch.id)
        self._asked.append((order.run, batch, asked))
        for cell in order.cells:
            self._held.setdefault(cell.key, []).append(asked)

    def _fail(self, refused: Sequence[tuple[Order, Request]], fault: Fault) -> None:
        """Fails the cells with such requests. What others of theirs cost, in batches, stays set."""
        lost: dict[Order, list[Request]] = {}
        for order, request in refused:
            lost.setdefault(order, []).append(request)
        for order, requests in lost.items():
            for cell in order.cells:
                self.failed[cell.key] = f"the batch for several cells was not taken: {fault}"
                self.release(cell, order.most(but=requests))


def _by_run(orders: Iterable[Order]) -> Iterable[Order]:
    """One order for each run: cells may share draws, which are paid for once."""
    found: dict[str, Order] = {}
    for order in orders:
        other = found.get(order.run.key)
        found[order.run.key] = order if other is None else other.joined(order)
    return found.values()
