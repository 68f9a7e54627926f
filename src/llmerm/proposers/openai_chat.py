"""OpenAI's chat completions, as many servers speak them: what is sent, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Counts, Draft, Gathering, count_of, items_of, of, text_of
from llmerm.proposers.model import Prompt, Stop
from llmerm.proposers.settings import SCHEMA, Settings
from llmerm.proposers.wire import Wire

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_STOPS: dict[str, Stop] = {"length": "length", "content_filter": "refusal"}


@final
class Chat(Wire):
    """Chat completions.

    Args:
        settings: what is asked for.
        hosted: whether the server is OpenAI's own, which names the limit of tokens otherwise.
    """

    path = "/v1/chat/completions"
    gives_several = True

    def __init__(self, settings: Settings, *, hosted: bool) -> None:
        self._settings = settings
        self._limit = "max_completion_tokens" if hosted else "max_tokens"

    def body(self, prompt: Prompt, *, draws: int, seed: int) -> Body:
        """What to send; servers that take a seed give reply i the seed + i."""
        body: Body = {
            "messages": [
                {"role": role, "content": content}
                for role, content in (("system", prompt.system), ("user", prompt.user))
                if content
            ],
            self._limit: self._settings.max_output_tokens,
            "seed": seed % 2**31,
            "stream_options": {"include_usage": True},
        }
        return body | ({"n": draws} if draws > 1 else {}) | _chosen(self._settings, prompt)

    async def stream(self, client: AsyncOpenAI, body: Body, into: Gathering) -> None:
        """Sends a body and gathers the replies of one call."""
        rest = dict(body)
        given: Any = {"model": rest.pop("model"), "messages": rest.pop("messages")}
        chunks = await client.chat.completions.create(stream=True, extra_body=rest, **given)
        async with chunks:
            async for chunk in chunks:
                self._take(chunk, into)
                if into.is_full:
                    break

    def whole(self, answer: object, into: Gathering) -> None:
        """Gathers the replies of an answer that came at once."""
        for choice in items_of(answer, "choices"):
            take(choice, into.draft(of(choice, "index")), "message")
        into.counts = counts_of(of(answer, "usage"))

    def _take(self, chunk: object, into: Gathering) -> None:
        for choice in items_of(chunk, "choices"):
            into.begin()
            take(choice, into.draft(of(choice, "index")), "delta")
        if (usage := of(chunk, "usage")) is not None:
            into.counts = counts_of(usage)


def _chosen(settings: Settings, prompt: Prompt) -> Body:
    """What was asked for beyond the defaults."""
    body: Body = {}
    if settings.effort is not None:
        body["reasoning_effort"] = settings.effort
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.structured and prompt.asks_program:
        schema: Body = {"name": "program", "strict": True, "schema": SCHEMA}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def take(choice: object, draft: Draft, part: str) -> None:
    """Adds what a choice says to its draft; `part` is "delta" on a stream, else "message"."""
    if text := text_of(choice, part, "content"):
        draft.add(text)
    elif text_of(choice, part, "reasoning_content") or text_of(choice, part, "reasoning"):
        draft.pieces += 1
    if refusal := text_of(choice, part, "refusal"):
        draft.add(refusal)
        draft.stop = "refusal"
    if (reason := text_of(choice, "finish_reason")) and draft.stop is None:
        draft.stop = _STOPS.get(reason, "end")


def counts_of(usage: object) -> Counts:
    """The tokens of a call, from the server's own fields."""
    return Counts(
        tokens_in=count_of(usage, "prompt_tokens"),
        cached=count_of(usage, "prompt_tokens_details", "cached_tokens"),
        written=count_of(usage, "prompt_tokens_details", "cache_write_tokens"),
        out=count_of(usage, "completion_tokens"),
        reasoning=count_of(usage, "completion_tokens_details", "reasoning_tokens"),
    )
