"""Models that speak OpenAI's APIs: OpenAI's own, and any compatible server at a base URL."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, final

from llmerm.errors import ArgumentError
from llmerm.proposers import openai_chat, openai_responses
from llmerm.proposers.capabilities import capability
from llmerm.proposers.concessions import Body, Concessions
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.gathering import Gathering, items_of, text_of
from llmerm.proposers.line import ONE_CALL_A_CONNECTION, Line
from llmerm.proposers.model import Began, Model, Prompt, Reply, Request
from llmerm.proposers.neighbours import neighbours
from llmerm.proposers.pricing import FREE, Price, price_of
from llmerm.proposers.settings import Settings, check_above_zero, most_tokens
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
        concurrency: calls at a time.
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
            temperature=temperature,
            max_output_tokens=max_output_tokens
            or (_HOSTED_TOKENS if self._hosted else _LOCAL_TOKENS),
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
        self._replies = replies_per_call or _REPLIES_PER_CALL
        self._line = Line(
            self._endpoint, self._make, concessions=self._concessions(), timeout=timeout
        )

    @property
    def replies_per_call(self) -> int:  # type: ignore[override]  # read only: the server decides
        """How many replies one call can give: one with responses, fewer once a server says so."""
        if self.api == "responses":
            return 1
        return min(self._replies, self._line.most_replies or self._replies)

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
        """One reply for each draw, with more than one call where the server gives too few."""
        replies: list[Reply] = []
        while draws := request.draws[len(replies) :]:
            run = next(neighbours(draws, self.replies_per_call))
            replies += await self._call(request, run, began)
        return replies

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
            await self._stream(client, body, into)

        model = str(body["model"])
        await self._line.attempt(work, body=body, model=model, gathering=into, price=self.price)
        replies = into.replies(self.price)
        if len(replies) < len(draws):
            self._line.most_replies = len(replies)
        return replies

    async def _stream(self, client: AsyncOpenAI, body: Body, into: Gathering) -> None:
        """Sends a body and reads what comes; leaving early ends the call at the server."""
        rest = dict(body)
        model = str(rest.pop("model"))
        if self.api == "responses":
            given: Any = {"input": cast("Any", rest.pop("input"))}
            events = await client.responses.create(
                model=model, stream=True, extra_body=rest, **given
            )
            async with events:
                await openai_responses.read(events, into, most_out=self.settings.max_output_tokens)
        else:
            messages = cast("Any", rest.pop("messages"))
            chunks = await client.chat.completions.create(
                model=model, messages=messages, stream=True, extra_body=rest
            )
            async with chunks:
                await openai_chat.read(chunks, into)
        into.check()

    async def _body(self, request: Request, draws: Sequence[int]) -> Body:
        if self.api == "responses":
            body = openai_responses.body_of(
                request.prompt, self.settings, hosted=self._hosted, marks=self._able.marks
            )
        else:
            body = openai_chat.body_of(
                request.prompt,
                self.settings,
                draws=len(draws),
                seed=request.seed + draws[0],
                hosted=self._hosted,
            )
        named: Body = {"model": self.model or await self._first_model()}
        return self._line.concessions.apply(named | body)

    async def _first_model(self) -> str:
        """The first model that the server lists; it is asked once."""

        async def work(client: AsyncOpenAI) -> str:
            listed = await client.models.list()
            return next((text_of(item, "id") for item in items_of(listed, "data")), "default")

        if self._listed is None:
            self._listed = await self._line.attempt(work, body={}, model="(not named)")
        return self._listed

    _listed: str | None = None

    def _make(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

        timeout = Timeout(self._line.timeout, connect=min(10.0, self._line.timeout))
        own = self._endpoint.is_loopback
        return AsyncOpenAI(
            api_key=self._endpoint.key(),
            base_url=self._endpoint.url,
            max_retries=0,
            timeout=timeout,
            default_headers=ONE_CALL_A_CONNECTION if own else None,
            http_client=DefaultAsyncHttpxClient(timeout=timeout, trust_env=not own),
        )

    def _published_price(self) -> Price | None:
        if self._endpoint.is_loopback:
            return FREE
        return price_of(self._endpoint.shown, self.model) if self.model else None

    def _concessions(self) -> Concessions:
        asked = {
            "reasoning": self.settings.effort,
            "reasoning_effort": self.settings.effort,
            "temperature": self.settings.temperature,
        }
        return Concessions(frozenset(name for name, value in asked.items() if value is not None))


def _api(api: Api, *, hosted: bool) -> Literal["responses", "chat"]:
    if api not in ("auto", "responses", "chat"):
        raise ArgumentError(f'`api` must be "auto", "responses" or "chat", got {api!r:.40}.')
    if api == "auto":
        return "responses" if hosted else "chat"
    return api
