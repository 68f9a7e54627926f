"""OpenAI's Responses: what is sent, and how it is read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, final

from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Counts, Draft, Gathering, count_of, items_of, of, text_of
from llmerm.proposers.model import Prompt, Stop
from llmerm.proposers.settings import SCHEMA, Settings
from llmerm.proposers.wire import Wire

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_BEFORE_OUTPUT = ("response.created", "response.queued", "response.in_progress")
_ENDS = ("response.completed", "response.incomplete")
_STOPS: dict[str, Stop] = {"max_output_tokens": "length", "content_filter": "refusal"}


class ResponseError(Exception):
    """What an answer says went wrong after it had begun; `body` is the error in it."""

    def __init__(self, body: object) -> None:
        super().__init__(text_of(body, "message") or "the answer failed without a reason")
        self.body = {name: of(body, name) for name in ("message", "code", "param")}


@final
class Responses(Wire):
    """Responses.

    Args:
        settings: what is asked for.
        hosted: whether the server is OpenAI's own, with its prompt cache and its store.
        marks: whether that cache takes marks where what is shared ends.
    """

    path = "/v1/responses"
    gives_several = False

    def __init__(self, settings: Settings, *, hosted: bool, marks: bool) -> None:
        self._settings = settings
        self._is_hosted = hosted
        self._marks = marks

    def body(self, prompt: Prompt, *, draws: int, seed: int) -> Body:
        """What to send for one reply; the API takes no seed."""
        body: Body = {
            "instructions": prompt.system,
            "input": prompt.user,
            "max_output_tokens": self._settings.max_output_tokens,
        }
        body |= _chosen(self._settings, prompt)
        return body | (_hosted(prompt, marks=self._marks) if self._is_hosted else {})

    async def stream(self, client: AsyncOpenAI, body: Body, into: Gathering) -> None:
        """Sends a body and gathers the reply.

        Raises:
            ResponseError: if the answer says that it failed.
        """
        rest = dict(body)
        given: Any = {"model": rest.pop("model"), "input": rest.pop("input")}
        events = await client.responses.create(stream=True, extra_body=rest, **given)
        async with events:
            async for event in events:
                self._take(event, into)
                if into.is_full:
                    break

    def whole(self, answer: object, into: Gathering) -> None:
        """Takes in what a response says: its text if none came before, its end, its tokens."""
        draft = into.draft(0)
        if not draft.parts:
            _read(answer, draft)
        into.counts = counts_of(of(answer, "usage"))
        reason = text_of(answer, "incomplete_details", "reason")
        cut = _STOPS.get(reason, "length" if text_of(answer, "status") == "incomplete" else "end")
        if into.counts.out >= self._settings.max_output_tokens and cut == "end":
            cut = "length"  # some servers call a reply complete that was cut off
        draft.stop = draft.stop or cut

    def _take(self, event: object, into: Gathering) -> None:
        kind = text_of(event, "type")
        if kind not in _BEFORE_OUTPUT and kind.startswith("response."):
            into.begin()
        if kind in _ENDS:
            self.whole(of(event, "response"), into)
        else:
            _take(kind, event, into.draft(0))


def _chosen(settings: Settings, prompt: Prompt) -> Body:
    """What was asked for beyond the defaults."""
    body: Body = {}
    if settings.effort is not None:
        body["reasoning"] = {"effort": settings.effort}
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.structured and prompt.asks_program:
        form: Body = {"type": "json_schema", "name": "program", "strict": True, "schema": SCHEMA}
        body["text"] = {"format": form}
    if settings.code_interpreter:
        body["tools"] = [{"type": "code_interpreter", "container": {"type": "auto"}}]
    return body


def _hosted(prompt: Prompt, *, marks: bool) -> Body:
    """What OpenAI's own server is told: keep no copy, and how to cache the prompt."""
    shared = f"{prompt.system}\n{prompt.shared}".encode()
    body: Body = {"store": False, "prompt_cache_key": hashlib.sha256(shared).hexdigest()[:32]}
    if not (marks and prompt.last):
        return body
    # Without a mark it would write each draw's own ending to the cache, at 1.25 times the price.
    content: list[Body] = [
        {
            "type": "input_text",
            "text": prompt.shared,
            "prompt_cache_breakpoint": {"mode": "explicit"},
        },
        {"type": "input_text", "text": prompt.last},
    ]
    body["input"] = [{"role": "user", "content": list(content)}]
    body["prompt_cache_options"] = {"mode": "explicit"}
    return body


def _take(kind: str, event: object, draft: Draft) -> None:
    if kind == "response.output_text.delta":
        draft.add(text_of(event, "delta"))
    elif kind == "response.refusal.delta":
        draft.add(text_of(event, "delta"))
        draft.stop = "refusal"
    elif kind == "response.failed":
        raise ResponseError(of(event, "response", "error"))
    elif kind == "error":
        raise ResponseError(event)


def _read(response: object, draft: Draft) -> None:
    for item in items_of(response, "output"):
        for part in items_of(item, "content"):
            if text := text_of(part, "refusal"):
                draft.add(text)
                draft.stop = "refusal"
            elif text_of(part, "type") == "output_text":
                draft.add(text_of(part, "text"))


def counts_of(usage: object) -> Counts:
    """The tokens of a call, from the server's own fields."""
    return Counts(
        tokens_in=count_of(usage, "input_tokens"),
        cached=count_of(usage, "input_tokens_details", "cached_tokens"),
        written=count_of(usage, "input_tokens_details", "cache_write_tokens"),
        out=count_of(usage, "output_tokens"),
        reasoning=count_of(usage, "output_tokens_details", "reasoning_tokens"),
    )
