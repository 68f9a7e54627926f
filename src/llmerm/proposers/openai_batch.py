"""OpenAI's batch endpoint: a file of requests in, a file of answers out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, final

from llmerm.proposers.batch import Batches, Ended, at_half_price, draw_of, each, halved, id_of
from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Gathering, count_of, items_of, of, text_of
from llmerm.proposers.line import Line
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.proposers.pricing import Price
from llmerm.proposers.reports import Report
from llmerm.proposers.wire import Wire
from llmerm.typing import Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import Batch

_WORKING = ("validating", "in_progress", "finalizing", "cancelling")
_UNMADE = ("batch_expired", "batch_cancelled")

BodyOf = Callable[[Request, Sequence[int]], Awaitable[Body]]
"""Makes the body of the call for a request's draws."""


@final
class OpenAIBatches(Batches):
    """The batch endpoint of an `OpenAI` model; `OpenAI.batches` makes it.

    Args:
        model: the model: its name and its costs.
        line: the line to its server.
        wire: which of the two APIs the calls are for.
        body_of: makes the body of a call.
        price: what the model costs outside of batches.
    """

    def __init__(
        self,
        model: Model,
        line: Line[AsyncOpenAI],
        wire: Wire,
        body_of: BodyOf,
        *,
        price: Price | None,
    ) -> None:
        self._model = model
        self._line = line
        self._wire = wire
        self._body_of = body_of
        self._price = price

    async def submit(self, requests: Sequence[Request]) -> str:
        """Uploads the requests, starts the batch, and gives its id."""
        url = self._wire.path
        lines = [
            json.dumps({"custom_id": name, "method": "POST", "url": url, "body": body})
            for name, request in each(requests)
            for body in [_at_once(await self._body_of(request, request.draws))]
        ]

        async def work(client: AsyncOpenAI) -> str:
            file = ("llmerm.jsonl", "\n".join(lines).encode(), "application/jsonl")
            sent = await client.files.create(file=file, purpose="batch")
            started = await client.batches.create(
                input_file_id=sent.id, endpoint=url, completion_window="24h"
            )
            return id_of(started)

        return await self._line.attempt(work, body={}, model=self._model.name)

    async def collect(self, batch: str) -> Mapping[int, Reply | Fault] | None:
        """What became of each draw, or None while the batch is being worked on."""

        async def work(client: AsyncOpenAI) -> list[object] | None:
            found = await client.batches.retrieve(batch)
            if found.status in _WORKING:
                return None
            self._check(found)
            return [line async for line in _lines(client, found)]

        lines = await self._line.attempt(work, body={}, model=self._model.name)
        if lines is None:
            return None
        sample = await self._body_of(Request(Prompt("", ""), (0,)), (0,))
        return dict(self._results(lines, sample))

    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """Half of what so many calls can cost."""
        return halved(self._model, prompt, replies)

    def _check(self, batch: Batch) -> None:
        if batch.status != "failed":
            return
        errors = (text_of(error, "message") for error in items_of(batch, "errors", "data"))
        told = self._line.endpoint.redacted("; ".join(filter(None, errors)) or "it says not why")
        raise Ended(f"the batch {batch.id} failed: {told}")

    def _results(self, lines: Sequence[object], body: Body) -> Iterator[tuple[int, Reply | Fault]]:
        for line in lines:
            draw = draw_of(of(line, "custom_id"))
            if draw is not None and text_of(line, "error", "code") not in _UNMADE:
                yield draw, self._result(line, body)

    def _result(self, line: object, body: Body) -> Reply | Fault:
        answer = of(line, "response", "body")
        status = count_of(line, "response", "status_code")
        if status != 200:
            error = of(answer, "error") or of(line, "error")
            report = Report(
                text_of(error, "message") or "no answer",
                status or None,
                text_of(error, "code") or text_of(error, "type"),
                text_of(error, "param"),
            )
            return self._line.fault(report, body, self._model.name, Usage())
        into = Gathering(1, lambda: None, most_in=0)
        self._wire.whole(answer, into)
        if not (replies := into.replies(self._price)):
            report = Report("the answer holds no reply")
            return self._line.fault(report, body, self._model.name, Usage())
        reply = replies[0]
        return Reply(reply.text, reply.stop, at_half_price(reply.usage))


def _at_once(body: Body) -> Body:
    """The body of a call whose answer comes as a whole, not on a stream."""
    return {name: value for name, value in body.items() if name != "stream_options"}


async def _lines(client: AsyncOpenAI, batch: Batch) -> AsyncIterator[object]:
    """The lines of the files that a batch leaves, as far as they are JSON: answers, and errors."""
    for file in filter(None, (batch.output_file_id, batch.error_file_id)):
        content = await client.files.content(file)
        for line in content.text.split("\n"):
            with suppress(ValueError, RecursionError):  # no JSON: its draw has no answer
                yield json.loads(line)
