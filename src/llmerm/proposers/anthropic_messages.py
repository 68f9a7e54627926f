"""Anthropic's Messages: what is sent, and how it is read."""

from __future__ import annotations

from collections.abc import AsyncIterable

from llmerm.proposers.capabilities import Capability
from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Counts, Draft, Gathering, count_of, items_of, of, text_of
from llmerm.proposers.model import Prompt, Stop
from llmerm.proposers.settings import SCHEMA, Settings, most_tokens

LEAST_BUDGET = 1024
"""The least tokens that a model with a thinking budget may be given to think."""

_SHARES = {"minimal": 0.1, "low": 0.2, "medium": 0.5, "high": 0.8, "xhigh": 0.9, "max": 0.95}
"""The part of all tokens out that an effort stands for, where thinking has a budget."""

_STOPS: dict[str, Stop] = {
    "refusal": "refusal",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "length",
}


def body_of(prompt: Prompt, settings: Settings, able: Capability) -> Body:
    """What to send, but for the model's name: all that is shared lies before the cache's mark."""
    shared: Body = {"type": "text", "text": prompt.shared}
    if most_tokens(prompt) >= able.cached_from:
        shared["cache_control"] = {"type": "ephemeral"}
    last: Body = {"type": "text", "text": prompt.last}
    content = [part for part in (shared, last) if part["text"]]
    body: Body = {
        "max_tokens": settings.max_output_tokens,
        "messages": [{"role": "user", "content": list(content)}],
    }
    if prompt.system:
        body["system"] = prompt.system
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    output = _output(settings, able, prompt)
    return body | _thinking(settings, able) | ({"output_config": output} if output else {})


def _output(settings: Settings, able: Capability, prompt: Prompt) -> Body:
    output: Body = {}
    if settings.effort not in (None, "none") and able.thinking == "adaptive":
        output["effort"] = settings.effort
    if settings.structured and prompt.asks_program:
        output["format"] = {"type": "json_schema", "schema": SCHEMA}
    return output


def _thinking(settings: Settings, able: Capability) -> Body:
    """How to think, in the way of the model's family; nothing for the family's default."""
    if settings.effort is None or able.thinking == "none":
        return {}
    if settings.effort == "none":
        return {"thinking": {"type": able.off}} if able.off else {}
    if able.thinking == "adaptive":
        return {"thinking": {"type": "adaptive"}}
    budget = int(settings.max_output_tokens * _SHARES[settings.effort])
    if max(budget, LEAST_BUDGET) >= settings.max_output_tokens:
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": max(budget, LEAST_BUDGET)}}


async def read(events: AsyncIterable[object], into: Gathering) -> None:
    """Gathers the reply of one call."""
    draft = into.draft(0)
    async for event in events:
        kind = text_of(event, "type")
        if kind == "message_start":
            into.counts = counts_of(of(event, "message", "usage"))
        elif kind == "message_delta":
            into.counts = counts_of(of(event, "usage"), before=into.counts)
            end(of(event, "delta"), draft)
        elif kind.startswith("content_block"):
            into.begin()
            _take(event, draft)
        if into.is_full:
            return


def _take(event: object, draft: Draft) -> None:
    text = text_of(event, "delta", "text") or text_of(event, "content_block", "text")
    if text:
        draft.add(text)
    elif text_of(event, "delta", "thinking"):
        draft.pieces += 1


def end(message: object, draft: Draft) -> None:
    """Notes why a message ended, if it says so."""
    if (reason := text_of(message, "stop_reason")) and draft.stop is None:
        draft.stop = _STOPS.get(reason, "end")


def whole(message: object, into: Gathering) -> None:
    """Takes in a message that came at once."""
    draft = into.draft(0)
    into.begin()
    for block in items_of(message, "content"):
        if text := text_of(block, "text"):
            draft.add(text)
    into.counts = counts_of(of(message, "usage"))
    end(message, draft)
    draft.stop = draft.stop or "end"


def counts_of(usage: object, before: Counts | None = None) -> Counts:
    """The tokens of a call; the API counts those in without what was cached or written.

    Args:
        usage: the server's own fields.
        before: what was counted when the message began; later counts are of the whole call.
    """
    before = before or Counts()
    cached = count_of(usage, "cache_read_input_tokens") or before.cached
    written = count_of(usage, "cache_creation_input_tokens") or before.written
    plain = count_of(usage, "input_tokens") or before.tokens_in - before.cached - before.written
    return Counts(
        tokens_in=plain + cached + written,
        cached=cached,
        written=written,
        out=count_of(usage, "output_tokens") or before.out,
        reasoning=count_of(usage, "output_tokens_details", "thinking_tokens") or before.reasoning,
    )
