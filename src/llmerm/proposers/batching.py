"""Draws through a batch endpoint; a batch is noted before all else, so that none is paid twice."""

from __future__ import annotations

import json
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Container,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import asdict, dataclass, replace
from typing import TypeAlias

from pydantic import TypeAdapter

from llmerm.meter import Meter
from llmerm.proposers.batch import Batches, Ended, each, loads, wait_for
from llmerm.proposers.model import Fault, Reply, Request
from llmerm.typing import Usage

Outcome: TypeAlias = "tuple[Request, Sequence[Reply] | Fault]"
Wait: TypeAlias = Callable[[Batches, str], Awaitable[Mapping[int, Reply | Fault]]]

_NAME = "batch:"


@dataclass(frozen=True)
class Noted:
    """A batch as a ledger remembers it.

    Attributes:
        id: what the provider calls it.
        draws: what was asked for with it.
        done: whether all that came of it is kept.
        first: the number of the first draw's request in a batch of several runs, whose others
            follow; None where requests have the numbers of their draws.
    """

    id: str
    draws: tuple[int, ...]
    done: bool = False
    first: int | None = None

    @property
    def name(self) -> str:
        """What the note is called."""
        return f"{_NAME}{self.id}"

    @property
    def json(self) -> str:
        """The note as text, for the ledger."""
        return json.dumps(asdict(self))

    def numbers(self) -> Iterator[tuple[int, int]]:
        """Each draw, and the number of its request."""
        for place, draw in enumerate(self.draws):
            yield draw, draw if self.first is None else self.first + place


def under_way(notes: Mapping[str, str]) -> list[Noted]:
    """The batches that notes tell of, less those of which all is kept."""
    read = TypeAdapter(Noted).validate_json
    noted = [read(text) for name, text in notes.items() if name.startswith(_NAME)]
    return [one for one in noted if not one.done]


@dataclass
class BatchRun:
    """The draws of one run, through batches.

    Attributes:
        batches: the endpoint.
        meter: what may be spent. A batch is submitted if the most that it can cost is left.
        notes: what an earlier, interrupted run has noted.
        note: keeps a note, on disk where there is a ledger.
        number: the number under which the meter knows a draw.
        wait: how to wait for a batch.
        paid: the draws that are kept already.
    """

    batches: Batches
    meter: Meter
    notes: Mapping[str, str]
    note: Callable[[str, str], None]
    number: Callable[[int], int] = lambda draw: draw
    wait: Wait = wait_for
    paid: Container[int] = ()

    async def outcomes(self, requests: Sequence[Request]) -> AsyncGenerator[Outcome, None]:
        """What became of each draw, as a request of its own: first from batches paid for earlier.

        A new batch takes what is left. It goes on at the provider if the run is interrupted, and
        the next run finds its replies. Where the budget cannot bear it, there is none.

        Raises:
            Fault: if the provider did not take a batch, or it failed as a whole.
        """
        left = {request.draws[0]: request for _, request in each(requests)}
        for old in under_way(self.notes):
            if left.keys() & set(old.draws):
                async for outcome in self._results(old, left):
                    yield outcome
        if left and await self.meter.reserve(self._most(left)):
            parts = loads(self.batches, list(left.values()))
            for new in [await self._submitted(part) for part in parts]:
                async for outcome in self._results(new, left):
                    yield outcome

    def _most(self, left: Mapping[int, Request]) -> dict[int, Usage]:
        return {
            self.number(draw): self.batches.cost(request.prompt, 1)
            for draw, request in left.items()
        }

    async def _submitted(self, requests: Sequence[Request]) -> Noted:
        """A new batch. It is tried once: one whose answer was lost may have been taken."""
        draws = tuple(request.draws[0] for request in requests)
        new = Noted(await self.batches.submit(requests), draws)
        self.note(new.name, new.json)
        return new

    async def _results(self, batch: Noted, left: dict[int, Request]) -> AsyncIterator[Outcome]:
        """What became of those draws of a batch that are left; they are not left any more.

        The batch is done with unless it has draws of a larger run. One that failed as a whole is,
        too, and has cost nothing: the next run sends another. Where others wait for the same batch,
        whoever sent it for them notes that, or each of them would send one.
        """
        try:
            found = await self.wait(self.batches, batch.id)
        except Ended as fault:
            if batch.first is None:
                self.note(batch.name, replace(batch, done=True).json)
            for draw in left.keys() & set(batch.draws):
                self._settle(draw, fault)
            raise
        done = all(draw in left or draw in self.paid for draw in batch.draws)
        for draw, number in batch.numbers():
            if (request := left.pop(draw, None)) is not None:
                result = found.get(number) or Fault("the batch ended before it", "rejected")
                self._settle(draw, result)
                yield request, result if isinstance(result, Fault) else [result]
        self.note(batch.name, replace(batch, done=done).json)

    def _settle(self, draw: int, result: Reply | Fault) -> None:
        self.meter.settle({self.number(draw): result.usage})
