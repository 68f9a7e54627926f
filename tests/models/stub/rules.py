"""What hosted APIs take and refuse, as their documentation says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .reading import prompt_of, tokens


class Refusal(Exception):
    """A request that a hosted API answers with an error."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param
        self.after = after


@dataclass(frozen=True)
class Able:
    """What a model takes; `efforts` None for any."""

    efforts: tuple[str, ...] | None = ()
    sampling: bool = True
    thinking: tuple[str, ...] = ()
    structured: bool = True
    context: int = 200_000
    cached_from: int = 1024


_LOW = ("low", "medium", "high")
_MAX = (*_LOW, "xhigh", "max")

MODELS = {
    "gpt-6.1-sol": Able(_MAX, sampling=False),
    "gpt-5.1": Able(("none", *_LOW), sampling=False),
    "gpt-5": Able(("minimal", *_LOW), sampling=False),
    "gpt-5-mini": Able(("minimal", *_LOW), sampling=False),
    "gpt-4o": Able(),
    "tiny": Able(None, context=4096),
    "claude-opus-5-5": Able(_MAX, sampling=False, thinking=("adaptive",), cached_from=512),
    "claude-sonnet-5-5": Able(
        _MAX, sampling=False, thinking=("adaptive", "between_tools"), cached_from=512
    ),
    "claude-sonnet-4-5": Able(thinking=("enabled", "disabled")),
    "claude-3-haiku": Able(structured=False, cached_from=2048),
}
"""The models that the stub has; any other name is a 404."""

MOST_CHOICES = 8
"""A chat call gives at most this many choices."""

TAKEN = {
    "responses": [
        "background",
        "conversation",
        "include",
        "input",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "model",
        "parallel_tool_calls",
        "previous_response_id",
        "prompt",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
    ],
    "chat": [
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "model",
        "n",
        "parallel_tool_calls",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "reasoning_effort",
        "response_format",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
    ],
    "messages": [
        "cache_control",
        "container",
        "max_tokens",
        "messages",
        "metadata",
        "model",
        "output_config",
        "service_tier",
        "stop_sequences",
        "stream",
        "system",
        "temperature",
        "thinking",
        "tool_choice",
        "tools",
        "top_k",
        "top_p",
    ],
}
TAKEN["count"] = [
    "messages",
    "model",
    "output_config",
    "system",
    "thinking",
    "tool_choice",
    "tools",
]

_PARTS = {
    "reasoning": ("effort", "summary", "generate_summary", "context", "mode"),
    "text": ("format", "verbosity"),
    "stream_options": ("include_usage", "include_obfuscation"),
    "output_config": ("effort", "format"),
}
_NEEDED = {
    "responses": ("model", "input"),
    "chat": ("model", "messages"),
    "messages": ("model", "max_tokens", "messages"),
    "count": ("model", "messages"),
}


def check(api: str, body: Mapping) -> None:
    """Raises `Refusal` for what the hosted API would refuse."""
    _names(body, TAKEN[api])
    for name, parts in _PARTS.items():
        if body.get(name) is not None:
            _names(body[name], parts, f"{name}.")
    for name in _NEEDED[api]:
        if name not in body:
            said = (
                f"{name}: Field required"
                if api == "messages"
                else f"Missing required parameter: '{name}'."
            )
            raise Refusal(400, said, "missing_required_parameter", name)
    able = MODELS.get(body["model"])
    if able is None:
        said = f"The model `{body['model']}` does not exist or you do not have access to it."
        raise Refusal(404, said, "model_not_found", "model")
    {"responses": _responses, "chat": _chat, "messages": _messages, "count": _blocks}[api](
        body, able
    )
    _length(api, body, able)


def _names(found: Iterable[str], known: Iterable[str], path: str = "") -> None:
    for name in found:
        if name not in known:
            raise Refusal(
                400, f"Unknown parameter: '{path}{name}'.", "unknown_parameter", path + name
            )


def _length(api: str, body: Mapping, able: Able) -> None:
    count = tokens(prompt_of(api, body))
    if count <= able.context:
        return
    if api == "messages":
        raise Refusal(400, f"prompt is too long: {count} tokens > {able.context} maximum")
    said = (
        f"This model's maximum context length is {able.context} tokens. "
        f"However, your messages resulted in {count} tokens."
    )
    raise Refusal(400, said, "context_length_exceeded", "messages")


def _responses(body: Mapping, able: Able) -> None:
    _sampling(body, able)
    _effort(body, able, (body.get("reasoning") or {}).get("effort"), "reasoning.effort")
    _least(body, "max_output_tokens", 16)
    _streamed(body)
    form = (body.get("text") or {}).get("format") or {}
    if form.get("type") == "json_schema":
        _schema(form.get("schema"), able, "text.format")


def _chat(body: Mapping, able: Able) -> None:
    _sampling(body, able)
    _effort(body, able, body.get("reasoning_effort"), "reasoning_effort")
    _least(body, "max_completion_tokens", 1)
    _streamed(body)
    if not 1 <= body.get("n", 1) <= MOST_CHOICES:
        said = f"Invalid value for 'n': must be between 1 and {MOST_CHOICES}."
        raise Refusal(400, said, "invalid_value", "n")
    if "max_tokens" in body and not able.sampling:
        said = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead."
        )
        raise Refusal(400, said, "unsupported_parameter", "max_tokens")
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        _schema(form["json_schema"].get("schema"), able, "response_format")


def _sampling(body: Mapping, able: Able) -> None:
    for name in ("temperature", "top_p"):
        if name in body and not able.sampling:
            said = f"Unsupported parameter: '{name}' is not supported with this model."
            raise Refusal(400, said, "unsupported_parameter", name)
    if not 0 <= body.get("temperature", 1) <= 2:
        raise Refusal(
            400, "Invalid 'temperature': between 0 and 2.", "invalid_value", "temperature"
        )


def _effort(body: Mapping, able: Able, effort: str | None, param: str) -> None:
    if effort is None or able.efforts is None or effort in able.efforts:
        return
    if not able.efforts:
        said = f"Unsupported parameter: '{param}' is not supported with this model."
        raise Refusal(400, said, "unsupported_parameter", param)
    known = ", ".join(map(repr, able.efforts))
    said = (
        f"Unsupported value: '{effort}' is not supported with the '{body['model']}' model. "
        f"Supported values are: {known}."
    )
    raise Refusal(400, said, "unsupported_value", param)


def _least(body: Mapping, name: str, least: int) -> None:
    value = body.get(name, least)
    if type(value) is not int or value < least:
        said = f"Invalid '{name}': integer below minimum value. Expected a value >= {least}."
        raise Refusal(400, said, "integer_below_min_value", name)


def _streamed(body: Mapping) -> None:
    if "stream_options" in body and not body.get("stream"):
        said = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refusal(400, said, "invalid_value", "stream_options")


def _schema(schema: object, able: Able, param: str) -> None:
    if not able.structured:
        said = f"Unsupported parameter: '{param}' is not supported with this model."
        raise Refusal(400, said, "unsupported_parameter", param)
    strict = isinstance(schema, dict) and schema.get("additionalProperties") is False
    if not strict or sorted(schema["properties"]) != sorted(schema["required"]):
        said = "Invalid schema: 'additionalProperties' must be false, 'required' must name all."
        raise Refusal(400, said, "invalid_json_schema", param)


def _messages(body: Mapping, able: Able) -> None:
    if type(body["max_tokens"]) is not int or body["max_tokens"] < 1:
        raise Refusal(400, "max_tokens: must be an integer of at least 1")
    _blocks(body, able)
    _thinks(body.get("thinking") or {}, body, able)
    for name in ("temperature", "top_p", "top_k"):
        if name in body and not able.sampling:
            raise Refusal(400, f"{name}: this model does not support sampling parameters.")
    output = body.get("output_config") or {}
    if "effort" in output and output["effort"] not in (able.efforts or ()):
        raise Refusal(400, "output_config.effort: not supported by this model.")
    if "format" in output:
        _schema(output["format"].get("schema"), able, "output_config.format")


def _blocks(body: Mapping, able: Able) -> None:
    blocks = [
        block
        for message in [*body["messages"], {"content": body.get("system", "")}]
        if isinstance(message["content"], list)
        for block in message["content"]
    ]
    if any(block.get("type") == "text" and not block["text"] for block in blocks):
        raise Refusal(400, "messages: text content blocks must be non-empty")
    if sum("cache_control" in block for block in blocks) > 4:
        raise Refusal(400, "A maximum of 4 blocks with cache_control may be provided.")


def _thinks(thinking: Mapping, body: Mapping, able: Able) -> None:
    kind = thinking.get("type")
    if kind is None:
        return
    if kind not in able.thinking:
        raise Refusal(400, f"thinking.type: '{kind}' is not supported by this model.")
    budget = thinking.get("budget_tokens")
    if kind != "enabled" and budget is not None:
        raise Refusal(400, "thinking.budget_tokens: Extra inputs are not permitted")
    if kind == "enabled" and not 1024 <= (budget or 0) < body["max_tokens"]:
        raise Refusal(400, "thinking.budget_tokens: at least 1024 and less than max_tokens")
    if kind == "enabled" and body.get("temperature", 1) != 1:
        raise Refusal(400, "temperature: may only be set to 1 when thinking is enabled.")
