"""What hosted APIs take and what they refuse, as their documentation says: data for the stub."""

from __future__ import annotations

import re

MODELS = ("gpt-5", "gpt-5-mini", "gpt-4o", "claude-opus-4-1", "claude-opus-5-5", "tiny")
"""The models that the stub has; any other name is a 404."""

EFFORTS = {
    "gpt-5": ("minimal", "low", "medium", "high"),
    "gpt-5-mini": ("minimal", "low", "medium", "high"),
    "gpt-4o": (),
    "tiny": None,
}
"""The efforts that each takes; None takes any."""

CONTEXT = {"tiny": 4096}
"""Tokens of prompt that a model takes, where it is not the common limit."""

COMMON_CONTEXT = 200_000
MOST_CHOICES = 8
"""A chat call gives at most this many choices."""

TAKEN = {
    "responses": """background client_metadata include input instructions max_output_tokens
        max_tool_calls metadata model parallel_tool_calls previous_response_id prompt
        prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier
        service_tier store stream stream_options temperature text tool_choice tools top_logprobs
        top_p truncation user""".split(),
    "chat": """frequency_penalty logit_bias logprobs max_completion_tokens max_tokens messages
        metadata model n parallel_tool_calls presence_penalty prompt_cache_key reasoning_effort
        response_format seed service_tier stop store stream stream_options temperature tool_choice
        tools top_logprobs top_p user verbosity""".split(),
    "messages": """cache_control container context_management max_tokens mcp_servers messages
        metadata model output_config service_tier stop_sequences stream system temperature thinking
        tool_choice tools top_k top_p""".split(),
}


class Refusal(Exception):  # noqa: N818 - it is what the server says
    """A request that a hosted API answers with an error."""

    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None):
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param


def check(api: str, body: dict) -> None:
    """Raises `Refusal` for what the hosted API would refuse."""
    for name in body:
        if name not in TAKEN[api]:
            raise Refusal(400, f"Unknown parameter: '{name}'.", "unknown_parameter", name)
    model = body.get("model")
    if model not in MODELS:
        said = f"The model `{model}` does not exist or you do not have access to it."
        raise Refusal(404, said, "model_not_found")
    {"responses": _responses, "chat": _chat, "messages": _messages}[api](body, model)
    limit = CONTEXT.get(model, COMMON_CONTEXT)
    if tokens(prompt_of(api, body)) > limit:
        raise Refusal(
            400,
            f"This model's maximum context length is {limit} tokens. However, your messages "
            f"resulted in {tokens(prompt_of(api, body))} tokens.",
            "context_length_exceeded",
            "messages",
        )


def _responses(body: dict, model: str) -> None:
    _reasons(body, model, (body.get("reasoning") or {}).get("effort"), "reasoning.effort")
    if body.get("max_output_tokens", 16) < 16:
        raise Refusal(400, "max_output_tokens: at least 16", "integer_below_min_value", "max_output_tokens")


def _chat(body: dict, model: str) -> None:
    _reasons(body, model, body.get("reasoning_effort"), "reasoning_effort")
    if not 1 <= body.get("n", 1) <= MOST_CHOICES:
        said = f"Invalid value for 'n': must be between 1 and {MOST_CHOICES}."
        raise Refusal(400, said, "invalid_value", "n")
    if model.startswith("gpt-5") and "max_tokens" in body:
        said = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        raise Refusal(400, said, "unsupported_parameter", "max_tokens")


def _reasons(body: dict, model: str, effort: str | None, param: str) -> None:
    taken = EFFORTS.get(model)
    if model.startswith("gpt-5") and "temperature" in body:
        said = "Unsupported parameter: 'temperature' is not supported with this model."
        raise Refusal(400, said, "unsupported_parameter", "temperature")
    if effort is None or taken is None:
        return
    if not taken:
        said = f"Unsupported parameter: '{param}' is not supported with this model."
        raise Refusal(400, said, "unsupported_parameter", param)
    if effort not in taken:
        said = f"Unsupported value: '{effort}' is not supported with the '{model}' model. Supported values are: {', '.join(map(repr, taken))}."
        raise Refusal(400, said, "unsupported_value", param)


def _messages(body: dict, model: str) -> None:
    if not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1:
        raise Refusal(400, "max_tokens: Field required")
    for message in body["messages"]:
        for block in message["content"] if isinstance(message["content"], list) else ():
            if block.get("type") == "text" and not block["text"]:
                raise Refusal(400, "messages: text content blocks must be non-empty")
    thinking = body.get("thinking") or {}
    if thinking.get("type") == "enabled":
        if "5-5" in model:
            raise Refusal(400, "thinking.type: 'enabled' is not supported by this model; use 'adaptive'.")
        if not 1024 <= thinking.get("budget_tokens", 0) < body["max_tokens"]:
            raise Refusal(400, "thinking.budget_tokens: must be at least 1024 and below max_tokens")
    if "5-5" in model and "temperature" in body:
        raise Refusal(400, "temperature: this model does not take sampling parameters.")
    if "effort" in (body.get("output_config") or {}) and "5-5" not in model:
        raise Refusal(400, "output_config.effort: not supported by this model.")


def prompt_of(api: str, body: dict) -> str:
    """All text of a request, in the order in which a cache sees it."""
    if api == "responses":
        return body.get("instructions", "") + _text(body.get("input", ""))
    system = _text(body.get("system", ""))
    return system + "".join(_text(message["content"]) for message in body["messages"])


def marked_of(body: dict) -> str:
    """What stands before the last mark for the cache in a request to Messages; may be empty."""
    kept, marked = _text(body.get("system", "")), ""
    for message in body["messages"]:
        for block in message["content"] if isinstance(message["content"], list) else ():
            kept += block.get("text", "")
            if "cache_control" in block:
                marked = kept
    return marked


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = [part.get("text") or part.get("content", "") for part in content]
    return "".join(part if isinstance(part, str) else _text(part) for part in parts)


def tokens(text: str) -> int:
    """What the stub counts: a word, or four characters of one."""
    return sum(-(-len(word) // 4) for word in re.findall(r"\S+", text))
