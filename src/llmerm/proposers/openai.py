"""Models that speak OpenAI's APIs: OpenAI's own, and any compatible server at a base URL."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, final

from llmerm.errors import ArgumentError
from llmerm.proposers.capabilities import capability, known_efforts, taken_temperature
from llmerm.proposers.clients import openai_client
from llmerm.proposers.concessions import Body, Concessions
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.gathering import Gathering, items_of, text_of
from llmerm.proposers.line import Line
from llmerm.proposers.model import Began, Model, Prompt, Reply, Request
from llmerm.proposers.neighbours import neighbours
from llmerm.proposers.openai_batch import OpenAIBatches
from llmerm.proposers.openai_chat import Chat
from llmerm.proposers.openai_responses import Responses
from llmerm.proposers.pricing import FREE, Price, price_of
from llmerm.proposers.settings import Settings, asked_for, check_above_zero, most_tokens
from llmerm.proposers.wire import Wire
from llmerm.typing import Usage, Value

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "gpt-6.1-sol"
"""The model of OpenAI's own API where none is named."""

DEFAULT_URL = "https://api.openai.com/v1"
"""OpenAI's own API."""

Api: TypeAlias = Literal["auto", "responses", "chat"]

_HOSTED_TOKENS = 16_384
_LOCAL_TOKENS = 4_096
_REPLIES_PER_CALL = 8


@final
class OpenAI(Model):
    """A model behind the Responses or the chat-completions API.

    Args:
        model: its name; None for `DEFAULT_MODEL` at OpenAI, and for the first that it lists at
            any other server.
        base_url: the server; None for the environment's OPENAI_BASE_URL, else OpenAI's own. vLLM,
            Ollama, llama.cpp, LM Studio and gateways end theirs in "/v1".
        api_key: None for the environment's OPENAI_API_KEY. A server on this machine needs none.
        api: "responses", "chat", or "auto": responses at OpenAI, chat elsewhere.
        effort: how hard it reasons, as the model takes it: "none", "minimal", "low", "medium",
            "high", "xhigh", "max". None for the model's default.
        temperature: of sampling; None for the server's default.
        max_output_tokens: the most it may write for one reply, reasoning included. Default:
            16,384 at OpenAI, 4,096 elsewhere.
        code_interpreter: let it run code at OpenAI while it thinks (responses only). What that
            costs has no bound, so a budget in dollars cannot be held.
        structured: hold replies to a JSON schema. None: where the model is known to honour it.
        replies_per_call: ask for at most so many replies with one call (chat only); fewer where
            the server says so. Default: 8.
        concurrency: calls at a time, over all fits of this process that ask the same.
        timeout: wall seconds that a call may take.
        price: what it costs; None for the published price.

    Attributes:
        dropped: parameters that the server has said it does not take; they are left out since.

    >>> OpenAI("gpt-5-mini", effort="low").parameters["api"]
    'responses'
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        api: Api = "auto",
        effort: str | None = None,
        temperature: float | None = None,
        max_output_tokens: int | None = None,
        code_interpreter: bool = False,
        structured: bool | None = None,
        replies_per_call: int | None = None,
        concurrency: int = 8,
        timeout: float = 1200.0,
        price: Price | None = None,
    ) -> None:
        url = base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL
        self._endpoint = Endpoint(url, "OPENAI_API_KEY", api_key)
        self._hosted = ("." + self._endpoint.host).endswith(".api.openai.com")
        self.model = model or (DEFAULT_MODEL if self._hosted else None)
        self.name = f"openai:{self.model}" if self.model else "openai"
        self.api = _api(api, hosted=self._hosted)
        self._able = capability(self.model or "")
        honoured = self._able.structured and self._hosted
        self.settings = Settings(
            effort=effort,
            temperature=taken_temperature(temperature, self.model or ""),
            max_output_tokens=self._most_out(max_output_tokens),
            structured=honoured if structured is None else structured,
            code_interpreter=code_interpreter,
        )
        if code_interpreter and self.api != "responses":
            raise ArgumentError('`code_interpreter` needs api="responses"; chat has no such tool.')
        check_above_zero(
            replies_per_call=1 if replies_per_call is None else replies_per_call,
            concurrency=concurrency,
            timeout=timeout,
        )
        self.concurrency = concurrency
        self.price = price or self._published_price()
        self._wire = self._made_wire()
        self._replies = replies_per_call or _REPLIES_PER_CALL
        hint = known_efforts(self.model or "") if effort else ""
        asked = asked_for(self.settings, structured=structured is True)
        self._line = Line(
            self._endpoint, openai_client, concessions=Concessions(asked, hint), timeout=timeout
        )

    @property
    def replies_per_call(self) -> int:  # type: ignore[override]  # read only: the server decides
        """How many replies one call can give: one with responses, fewer once a server says so."""
        if not self._wire.gives_several:
            return 1
        return min(self._replies, self._line.most_replies or self._replies)

    @property
    def identity(self) -> Hashable:
        """The endpoint with its key, and the model's name."""
        return self._endpoint.identity, self.model

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides a reply beside prompt and seed, as it was asked for."""
        settings = self.settings
        return {
            "model": self.model,
            "api": self.api,
            "base_url": self._endpoint.shown,
            "effort": settings.effort,
            "temperature": settings.temperature,
            "max_output_tokens": settings.max_output_tokens,
            "structured": settings.structured,
            "code_interpreter": settings.code_interpreter,
        }

    @property
    def priced(self) -> bool:
        """Whether a price is known, and bounds what a call can cost."""
        return self.price is not None and not self.settings.code_interpreter

    @property
    def dropped(self) -> tuple[str, ...]:
        """What the server has said that it does not take."""
        return tuple(self._line.concessions.dropped)

    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """An upper bound: a token is at least a byte, and each reply as long as it may be."""
        calls = -(-replies // self.replies_per_call)
        tokens_in = calls * most_tokens(prompt)
        tokens_out = replies * self.settings.max_output_tokens
        usd = self.price.most(tokens_in, tokens_out) if self.price else 0.0
        return Usage(calls=calls, tokens_in=tokens_in, tokens_out=tokens_out, usd=usd)

    async def ask(self, request: Request, began: Began) -> Sequence[Reply]:
        """The replies of one call; fewer than the draws where the server gives fewer."""
        draws = next(neighbours(request.draws, self.replies_per_call))
        return await self._call(request, draws, began)

    @property
    def batches(self) -> OpenAIBatches:
        """The batch endpoint: half the price, within a day."""
        return OpenAIBatches(
            self,
            self._line,
            self._wire,
            self._body,
            price=self.price,
        )

    async def aclose(self) -> None:
        """Closes the connections; a later `ask` opens them again."""
        await self._line.aclose()

    async def _call(
        self, request: Request, draws: tuple[int, ...], began: Began
    ) -> Sequence[Reply]:
        """The replies of one call; no more than the draws, and at least one."""
        body = await self._body(request, draws)
        into = Gathering(len(draws), began, most_in=most_tokens(request.prompt))

        async def work(client: AsyncOpenAI) -> None:
            await self._wire.stream(client, body, into)
            into.check()

        model = str(body["model"])
        await self._line.attempt(work, body=body, model=model, gathering=into, price=self.price)
        replies = into.replies(self.price)
        if len(replies) < len(draws):
            self._line.most_replies = len(replies)
        return replies

    async def _body(self, request: Request, draws: Sequence[int]) -> Body:
        named: Body = {"model": self.model or await self._first_model()}
        seed = request.seed + draws[0]
        body = named | self._wire.body(request.prompt, draws=len(draws), seed=seed)
        return self._line.concessions.apply(body)

    async def _first_model(self) -> str:
        """The first model that the server lists; it is asked once."""

        async def work(client: AsyncOpenAI) -> str:
            listed = await client.models.list()
            return next((text_of(item, "id") for item in items_of(listed, "data")), "default")

        if self._listed is None:
            self._listed = await self._line.attempt(work, body={}, model="(not named)")
        return self._listed

    _listed: str | None = None

    def _made_wire(self) -> Wire:
        if self.api == "chat":
            return Chat(self.settings, hosted=self._hosted)
        return Responses(self.settings, hosted=self._hosted, marks=self._able.marks)

    def _most_out(self, asked: int | None) -> int:
        if asked is not None:
            return asked
        return _HOSTED_TOKENS if self._hosted else _LOCAL_TOKENS

    def _published_price(self) -> Price | None:
        if self._endpoint.is_loopback:
            return FREE
        return price_of(self._endpoint.shown, self.model) if self.model else None


def _api(api: Api, *, hosted: bool) -> Literal["responses", "chat"]:
    if api not in ("auto", "responses", "chat"):
        raise ArgumentError(f'`api` must be "auto", "responses" or "chat", got {api!r:.40}.')
    if api == "auto":
        return "responses" if hosted else "chat"
    return api
