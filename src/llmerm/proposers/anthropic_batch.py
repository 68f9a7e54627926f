"""Anthropic's batch endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast, final

from llmerm.proposers import anthropic_messages
from llmerm.proposers.batch import Batches, at_half_price, draw_of, each, halved, id_of
from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Gathering, of, text_of
from llmerm.proposers.line import Line
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.proposers.pricing import Price
from llmerm.proposers.reports import Report
from llmerm.typing import Usage

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic


@final
class AnthropicBatches(Batches):
    """The batch endpoint of an `Anthropic` model; `Anthropic.batches` makes it.

    Args:
        model: the model: its name and its costs.
        line: the line to its server.
        body_of: makes the body of a call.
        price: what the model costs outside of batches.
    """

    most_requests = 100_000
    most_bytes = 256_000_000

    def __init__(
        self,
        model: Model,
        line: Line[AsyncAnthropic],
        body_of: Callable[[Prompt], Body],
        *,
        price: Price | None,
    ) -> None:
        self._model = model
        self._line = line
        self._body_of = body_of
        self._price = price

    async def submit(self, requests: Sequence[Request]) -> str:
        """Starts the batch, and gives its id."""
        named = [
            {"custom_id": name, "params": self._body_of(request.prompt)}
            for name, request in each(requests)
        ]

        async def work(client: AsyncAnthropic) -> str:
            started = await client.messages.batches.create(requests=cast("Any", named))
            return id_of(started)

        return await self._line.attempt(work, body={}, model=self._model.name)

    async def collect(self, batch: str) -> Mapping[int, Reply | Fault] | None:
        """What became of each draw, or None while the batch is being worked on."""

        async def work(client: AsyncAnthropic) -> list[object] | None:
            found = await client.messages.batches.retrieve(batch)
            if found.processing_status != "ended":
                return None
            return [line async for line in await client.messages.batches.results(batch)]

        lines = await self._line.attempt(work, body={}, model=self._model.name)
        return None if lines is None else dict(self._results(lines))

    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """Half of what so many calls can cost."""
        return halved(self._model, prompt, replies)

    def _results(self, lines: Sequence[object]) -> Iterator[tuple[int, Reply | Fault]]:
        for line in lines:
            draw = draw_of(of(line, "custom_id"))
            kind = text_of(line, "result", "type")
            if draw is None:
                continue
            if kind == "succeeded":
                yield draw, self._reply(of(line, "result", "message"))
            elif kind == "errored":
                yield draw, self._fault(of(line, "result", "error"))

    def _reply(self, message: object) -> Reply:
        into = Gathering(1, lambda: None, most_in=0)
        anthropic_messages.whole(message, into)
        (reply,) = into.replies(self._price)
        return Reply(reply.text, reply.stop, at_half_price(reply.usage))

    def _fault(self, answer: object) -> Fault:
        """An error has the status of a refused request if its type says so, else of a server's."""
        error = of(answer, "error") or answer
        kind = text_of(error, "type")
        status = 400 if kind == "invalid_request_error" else 500
        report = Report(text_of(error, "message") or "no answer", status, kind)
        return self._line.fault(report, self._body_of(Prompt("", "")), self._model.name, Usage())
