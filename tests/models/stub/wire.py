"""Replies in the words of each API: whole, and as events on a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from .step import Step


@dataclass(frozen=True)
class Counts:
    """Tokens of one call."""

    tokens_in: int
    cached: int
    written: int
    outs: tuple[int, ...]


NONSENSE = {
    "input_tokens": -5, "output_tokens": "many", "prompt_tokens": None, "completion_tokens": 1e99,
    "input_tokens_details": 7, "prompt_tokens_details": {"cached_tokens": 10**9},
}  # fmt: skip


def usage(api: str, counts: Counts, step: Step) -> dict | None:
    """The API's own fields."""
    if step.fault in ("usage", "unmetered"):
        return NONSENSE if step.fault == "usage" else None
    out = counts.outs[0] if step.fault == "one" else sum(counts.outs)
    if api == "messages":
        return {
            "input_tokens": counts.tokens_in - counts.cached - counts.written,
            "cache_read_input_tokens": counts.cached,
            "cache_creation_input_tokens": counts.written,
            "output_tokens": out,
        }
    into, outof = ("input", "output") if api == "responses" else ("prompt", "completion")
    return {
        f"{into}_tokens": counts.tokens_in,
        f"{outof}_tokens": out,
        "total_tokens": counts.tokens_in + out,
        f"{into}_tokens_details": {"cached_tokens": counts.cached},
        f"{outof}_tokens_details": {"reasoning_tokens": 0},
    }


def whole(api: str, model: str, texts: list[str], told: dict | None, step: Step) -> dict:
    """A reply that is not streamed."""
    return {"responses": _response, "chat": _completion, "messages": _message}[api](
        model, texts, told, step
    )


def _response(model: str, texts: list[str], told: dict | None, step: Step) -> dict:
    text, cut = texts[0], step.fault == "length"
    part = {"type": "output_text", "text": text, "annotations": []}
    if step.fault == "refusal":
        part = {"type": "refusal", "refusal": text}
    item = {
        "type": "message", "id": "msg_1", "role": "assistant",
        "status": "completed", "content": [part] if text else [],
    }  # fmt: skip
    return {
        "id": "resp_1", "object": "response", "created_at": 0, "model": model, "output": [item],
        "usage": told, "status": "incomplete" if cut else "completed", "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
    }  # fmt: skip


def _chat_end(step: Step) -> str:
    return {"length": "length", "refusal": "content_filter"}.get(step.fault or "", "stop")


def _completion(model: str, texts: list[str], told: dict | None, step: Step) -> dict:
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": text},
            "finish_reason": _chat_end(step),
        }
        for index, text in enumerate(texts)
    ]
    common = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": model}
    return {**common, "choices": choices, "usage": told}


def _message(model: str, texts: list[str], told: dict | None, step: Step) -> dict:
    stops = {"length": "max_tokens", "refusal": "refusal"}
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": model,
        "content": [{"type": "text", "text": text} for text in texts[:1] if text],
        "stop_reason": stops.get(step.fault or "", "end_turn"), "stop_sequence": None,
        "usage": told,
    }  # fmt: skip


def error(api: str, status: int, message: str, code: str | None, param: str | None) -> dict:
    """The body of an error."""
    if api in ("messages", "count"):
        kinds = {
            401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error",
            500: "api_error", 529: "overloaded_error",
        }  # fmt: skip
        kind = kinds.get(status, "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "r"}
    kind = "invalid_request_error" if status < 429 else code or "server_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def events(
    api: str, model: str, texts: list[str], told: dict | None, step: Step
) -> tuple[list[str], list[str]]:
    """The events of a reply: those up to its first part, and the rest."""
    made = {"responses": _responses_events, "chat": _chat_events, "messages": _messages_events}[api]
    all_of_them = list(made(model, texts, told, step))
    first = {"responses": 2, "chat": 2, "messages": 3}[api]
    if step.fault == "failed":
        all_of_them[first:] = [_failure(api)]
    return all_of_them[:first], all_of_them[first:]


def _failure(api: str) -> str:
    if api == "messages":
        return _event({"type": "error", **error(api, 529, "Overloaded", None, None)})
    content = error(api, 500, "The server had an error", "server_error", None)
    if api == "responses":
        return _event({"type": "error", "sequence_number": 2, **content["error"]})
    return _event(content, named=False)


def _pieces(text: str) -> list[str]:
    size = max(1, -(-len(text) // 8))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _event(content: dict, *, named: bool = True) -> str:
    head = f"event: {content['type']}\n" if named else ""
    return f"{head}data: {json.dumps(content)}\n\n"


def _responses_events(model: str, texts: list[str], told: dict | None, step: Step) -> Iterator[str]:
    begun = {**_response(model, [""], None, step), "output": [], "status": "in_progress"}
    yield _event({"type": "response.created", "response": begun, "sequence_number": 0})
    kind = "refusal" if step.fault == "refusal" else "output_text"
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    for number, piece in enumerate(_pieces(texts[0]), 1):
        delta = {"delta": piece, "sequence_number": number, **place}
        yield _event({"type": f"response.{kind}.delta", **delta})
    end = _response(model, texts, told, step)
    yield _event({"type": f"response.{end['status']}", "response": end, "sequence_number": 99})


def _chat_events(model: str, texts: list[str], told: dict | None, step: Step) -> Iterator[str]:
    common = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": model}

    def chunk(index: int, delta: dict, stop: str | None = None) -> str:
        choice = {"index": index, "delta": delta, "finish_reason": stop}
        return _event({**common, "choices": [choice], "usage": None}, named=False)

    for index, text in enumerate(texts):
        yield chunk(index, {"role": "assistant", "content": ""})
        for piece in _pieces(text):
            yield chunk(index, {"content": piece})
    for index in range(len(texts)):
        yield chunk(index, {}, _chat_end(step))
    if told is not None:
        yield _event({**common, "choices": [], "usage": told}, named=False)
    yield "data: [DONE]\n\n"


def _messages_events(model: str, texts: list[str], told: dict | None, step: Step) -> Iterator[str]:
    message = _message(model, texts, told, step)
    first = {**(told or {"input_tokens": 0}), "output_tokens": 1}
    start = {**message, "content": [], "stop_reason": None, "usage": first}
    yield _event({"type": "message_start", "message": start})
    if texts[0]:
        empty = {"type": "text", "text": ""}
        yield _event({"type": "content_block_start", "index": 0, "content_block": empty})
        for piece in _pieces(texts[0]):
            delta = {"type": "text_delta", "text": piece}
            yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
        yield _event({"type": "content_block_stop", "index": 0})
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": delta, "usage": told or {"output_tokens": 0}})
    yield _event({"type": "message_stop"})
