"""Draws through a batch endpoint; a batch is noted before all else, so that none is paid twice."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeAlias

from pydantic import TypeAdapter

from llmerm.meter import Meter
from llmerm.proposers.batch import Batches, each, wait_for
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
    """

    id: str
    draws: tuple[int, ...]
    done: bool = False


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
    """

    batches: Batches
    meter: Meter
    notes: Mapping[str, str]
    note: Callable[[str, str], None]
    number: Callable[[int], int] = lambda draw: draw
    wait: Wait = wait_for

    async def outcomes(self, requests: Sequence[Request]) -> AsyncGenerator[Outcome, None]:
        """What became of each draw, as a request of its own: first from batches paid for earlier.

        A new batch takes what is left. It goes on at the provider if the run is interrupted, and
        the next run finds its replies. Where the budget cannot bear it, there is none.

        Raises:
            Fault: if the provider did not take a batch, or it failed as a whole.
        """
        left = {request.draws[0]: request for _, request in each(requests)}
        for name, old in self._open():
            if left.keys() & set(old.draws):
                async for outcome in self._results(name, old, left):
                    yield outcome
        if left and await self.meter.reserve(self._most(left)):
            name, new = await self._submitted(left)
            async for outcome in self._results(name, new, left):
                yield outcome

    def _open(self) -> list[tuple[str, Noted]]:
        read = TypeAdapter(Noted).validate_json
        noted = [(name, read(text)) for name, text in self.notes.items() if name.startswith(_NAME)]
        return [(name, old) for name, old in noted if not old.done]

    def _most(self, left: Mapping[int, Request]) -> dict[int, Usage]:
        return {
            self.number(draw): self.batches.cost(request.prompt, 1)
            for draw, request in left.items()
        }

    async def _submitted(self, left: Mapping[int, Request]) -> tuple[str, Noted]:
        """A new batch. It is tried once: one whose answer was lost may have been taken."""
        new = Noted(await self.batches.submit(list(left.values())), tuple(left))
        name = f"{_NAME}{new.id}"
        self._keep(name, new)
        return name, new

    async def _results(
        self, name: str, batch: Noted, left: dict[int, Request]
    ) -> AsyncIterator[Outcome]:
        """What became of those draws of a batch that are left; they are not left any more."""
        found = await self.wait(self.batches, batch.id)
        for draw in batch.draws:
            if (request := left.pop(draw, None)) is not None:
                result = found.get(draw) or Fault("the batch ended before it", "rejected")
                self._settle(draw, result)
                yield request, result if isinstance(result, Fault) else [result]
        self._keep(name, replace(batch, done=True))

    def _settle(self, draw: int, result: Reply | Fault) -> None:
        self.meter.settle({self.number(draw): result.usage})

    def _keep(self, name: str, batch: Noted) -> None:
        self.note(name, json.dumps(asdict(batch)))
