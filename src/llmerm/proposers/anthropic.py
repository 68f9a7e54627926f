"""Models that speak Anthropic's Messages API."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast, final

from llmerm.proposers import anthropic_messages
from llmerm.proposers.anthropic_batch import AnthropicBatches
from llmerm.proposers.capabilities import capability, known_efforts, taken_temperature
from llmerm.proposers.clients import anthropic_client
from llmerm.proposers.concessions import Body, Concessions
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.gathering import Gathering
from llmerm.proposers.line import Line
from llmerm.proposers.model import Began, Model, Prompt, Reply, Request
from llmerm.proposers.pricing import FREE, Price, price_of
from llmerm.proposers.settings import Settings, asked_for, check_above_zero, most_tokens
from llmerm.typing import Usage, Value

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

DEFAULT_MODEL = "claude-sonnet-5-5"
"""The model of Anthropic's own API where none is named."""

DEFAULT_URL = "https://api.anthropic.com"
"""Anthropic's own API."""

_TOKENS = 16_384


@final
class Anthropic(Model):
    """A model behind the Messages API. The API takes no seed: replies cannot be drawn again.

    Args:
        model: its name.
        base_url: the server; None for the environment's ANTHROPIC_BASE_URL, else Anthropic's own.
        api_key: None for the environment's ANTHROPIC_API_KEY. A server on this machine needs
            none.
        effort: how hard it thinks, as its family takes it: "none", "low", "medium", "high",
            "xhigh", "max"; a part of `max_output_tokens` for families that think up to a budget.
            None for the family's default.
        temperature: of sampling; None for the server's default. New families take none.
        max_output_tokens: the most it may write for one reply, thinking included.
        structured: hold replies to a JSON schema. None: where the model is known to honour it.
        concurrency: calls at a time, over all fits of this process that ask the same.
        timeout: wall seconds that a call may take.
        price: what it costs; None for the published price.

    Attributes:
        dropped: parameters that the server has said it does not take; they are left out since.

    >>> Anthropic("claude-opus-5-5", effort="high").replies_per_call
    1
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        effort: str | None = None,
        temperature: float | None = None,
        max_output_tokens: int = _TOKENS,
        structured: bool | None = None,
        concurrency: int = 8,
        timeout: float = 1200.0,
        price: Price | None = None,
    ) -> None:
        url = base_url or os.environ.get("ANTHROPIC_BASE_URL") or DEFAULT_URL
        self._endpoint = Endpoint(url, "ANTHROPIC_API_KEY", api_key)
        self.model = model
        self.name = f"anthropic:{model}"
        self._able = capability(model)
        self.settings = Settings(
            effort=effort,
            temperature=taken_temperature(temperature, model),
            max_output_tokens=max_output_tokens,
            structured=self._able.structured if structured is None else structured,
        )
        check_above_zero(concurrency=concurrency, timeout=timeout)
        self.concurrency = concurrency
        self.price = price or self._published_price()
        hint = known_efforts(model) if effort else ""
        asked = asked_for(self.settings, structured=structured is True)
        self._line = Line(
            self._endpoint, anthropic_client, concessions=Concessions(asked, hint), timeout=timeout
        )

    @property
    def identity(self) -> Hashable:
        """The endpoint with its key, and the model's name."""
        return self._endpoint.identity, self.model

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides a reply beside the prompt, as it was asked for."""
        settings = self.settings
        return {
            "model": self.model,
            "api": "messages",
            "base_url": self._endpoint.shown,
            "effort": settings.effort,
            "temperature": settings.temperature,
            "max_output_tokens": settings.max_output_tokens,
            "structured": settings.structured,
        }

    @property
    def priced(self) -> bool:
        """Whether a price is known."""
        return self.price is not None

    @property
    def dropped(self) -> tuple[str, ...]:
        """What the server has said that it does not take."""
        return tuple(self._line.concessions.dropped)

    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """An upper bound: a token is at least a byte, and each reply as long as it may be."""
        tokens_in = replies * most_tokens(prompt)
        tokens_out = replies * self.settings.max_output_tokens
        usd = self.price.most(tokens_in, tokens_out) if self.price else 0.0
        return Usage(calls=replies, tokens_in=tokens_in, tokens_out=tokens_out, usd=usd)

    async def ask(self, request: Request, began: Began) -> Sequence[Reply]:
        """One reply for each draw; a call gives one."""
        return [await self._call(request.prompt, began) for _ in request.draws]

    @property
    def batches(self) -> AnthropicBatches:
        """The batch endpoint: half the price, within a day."""
        return AnthropicBatches(self, self._line, self._body, price=self.price)

    async def aclose(self) -> None:
        """Closes the connections; a later `ask` opens them again."""
        await self._line.aclose()

    async def _call(self, prompt: Prompt, began: Began) -> Reply:
        body = self._body(prompt)
        into = Gathering(1, began, most_in=most_tokens(prompt))

        async def work(client: AsyncAnthropic) -> None:
            await _stream(client, body, into)

        await self._line.attempt(
            work, body=body, model=self.model, gathering=into, price=self.price
        )
        return into.replies(self.price)[0]

    def _body(self, prompt: Prompt) -> Body:
        named: Body = {"model": self.model}
        body = named | anthropic_messages.body_of(prompt, self.settings, self._able)
        return self._line.concessions.apply(body)

    def _published_price(self) -> Price | None:
        return FREE if self._endpoint.is_loopback else price_of(self._endpoint.shown, self.model)


async def _stream(client: AsyncAnthropic, body: Body, into: Gathering) -> None:
    """Sends a body and reads what comes; leaving early ends the call at the server."""
    rest = dict(body)
    given: Any = {"max_tokens": rest.pop("max_tokens"), "messages": rest.pop("messages")}
    events = await client.messages.create(
        model=cast("str", rest.pop("model")), stream=True, extra_body=rest, **given
    )
    async with events:
        await anthropic_messages.read(events, into)
    into.check()
