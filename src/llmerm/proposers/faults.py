"""The errors of the SDKs and their servers, as faults: what to do next, and never a key."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.gathering import count_of
from llmerm.proposers.model import Fault
from llmerm.proposers.reports import Report
from llmerm.proposers.waits import wait_of
from llmerm.typing import Usage

Kind: TypeAlias = Literal["transient", "overloaded", "rejected", "fatal"]

LONGEST_MESSAGE = 500
"""Characters of a server's message that are kept."""

_STATUSES: dict[int, Kind] = {408: "transient", 409: "transient", 429: "overloaded"}
_STATUSES |= {425: "transient", 499: "transient", 529: "overloaded"}

_CODES: dict[str, Kind] = {
    "insufficient_quota": "fatal",
    "billing_hard_limit_reached": "fatal",
    "billing_not_active": "fatal",
    "billing_error": "fatal",
    "contract_spend_limit_reached": "fatal",
    "enforced_spend_limit_reached": "fatal",
    "organization_on_hold": "fatal",
    "authentication_error": "fatal",
    "invalid_api_key": "fatal",
    "permission_error": "fatal",
    "not_found_error": "fatal",
    "model_not_found": "fatal",
    "request_too_large": "fatal",
    "invalid_request_error": "fatal",
    "context_length_exceeded": "fatal",
    "exceed_context_size_error": "fatal",
    "content_policy_violation": "rejected",
    "content_filter": "rejected",
    "invalid_prompt": "rejected",
    "bio_policy": "rejected",
    "misalignment_policy_violation": "rejected",
    "rate_limit_exceeded": "overloaded",
    "rate_limit_error": "overloaded",
    "overloaded_error": "overloaded",
    "server_is_overloaded": "overloaded",
    "slow_down": "overloaded",
    "server_error": "transient",
    "api_error": "transient",
    "timeout_error": "transient",
}
"""What error codes and types mean, whatever the status beside them."""

_MONEY = re.compile(r"quota|billing|spend|payment|on_hold")
_NO_MONEY_LEFT = re.compile(r"insufficient_quota|exceeded your current quota|credit balance")
_TOO_LONG = re.compile(
    r"context (?:length|size|window)|maximum context|too many tokens|prompt is too long|"
    r"exceed[^.]{0,40}context",
    re.IGNORECASE,
)
_LENGTHS = (
    r"context length is (?P<limit>\d{1,12}) tokens.*?\((?P<prompt>\d{1,12}) in the messages",
    r"context length is (?P<limit>\d{1,12}) tokens.*?(?:resulted in|has|requested) "
    r"(?P<prompt>\d{1,12})",
    r"(?<!\d)(?P<prompt>\d{1,12}) tokens > (?P<limit>\d{1,12})",
    r"\((?P<prompt>\d{1,12}) tokens\).*?\((?P<limit>\d{1,12}) tokens\)",
)
"""How servers put a prompt's length and what fits into words."""


def fault_of(report: Report, endpoint: Endpoint, model: str, usage: Usage | None = None) -> Fault:
    """The fault that a report amounts to, with the next step in its message.

    Args:
        report: what went wrong.
        endpoint: where, for what must not be shown and which variable holds the key.
        model: the name that was asked for.
        usage: what the call is known to have cost.
    """
    kind = kind_of(report)
    status = f"HTTP {report.status}: " if report.status and report.status != 200 else ""
    said = endpoint.redacted(report.message)[:LONGEST_MESSAGE].rstrip(". ")
    after = wait_of(report.headers) if kind in ("transient", "overloaded") else None
    message = f"{endpoint.shown}: {status}{said}."
    if step := _next_step(report, endpoint, model):
        message = f"{message} {step}"
    prompt, limit = lengths(report)
    return Fault(message, kind, after=after, usage=usage, prompt_tokens=prompt, limit_tokens=limit)


def kind_of(report: Report) -> Kind:
    """What to do about it, by status and code; `x-should-retry` settles what is in doubt."""
    if _needs_money(report):
        return "fatal"
    kind = _kind_by_status_and_code(report)
    advice = report.headers.get("x-should-retry", "")
    if advice == "false" and kind in ("transient", "overloaded"):
        return "rejected"
    return "transient" if advice == "true" and kind == "fatal" else kind


def _kind_by_status_and_code(report: Report) -> Kind:
    """Where an answer had begun its status says nothing; else a code only refines the status."""
    by_code = _CODES.get(report.code, "transient")
    if report.status is None or report.status < 400:
        return by_code
    if report.status in _STATUSES:
        return _STATUSES[report.status]
    if by_code in ("rejected", "overloaded"):
        return by_code
    return "transient" if report.status >= 500 else "fatal"


def _needs_money(report: Report) -> bool:
    """A quota that is used up comes with the status of a rate limit; only money mends it."""
    if report.status == 402 or _MONEY.search(report.code):
        return True
    return report.status == 429 and _NO_MONEY_LEFT.search(report.message) is not None


def _next_step(report: Report, endpoint: Endpoint, model: str) -> str:
    if is_too_long(report):
        return _shorter(*lengths(report))
    if report.status == 401 or report.code in ("authentication_error", "invalid_api_key"):
        return f"Set {endpoint.variable} to a key that {endpoint.host} accepts."
    if report.status == 403 or report.code == "permission_error":
        return f"The key in {endpoint.variable} may not use the model {model!r}: take another."
    if report.status == 404 and not urlsplit(endpoint.shown).path.strip("/") and not report.code:
        return 'Is the path of the base URL right? Most servers have their API at ".../v1".'
    if report.status == 404 or report.code in ("not_found_error", "model_not_found"):
        return f"To list the models that it has: GET {endpoint.shown.rstrip('/')}/models."
    if report.status is None and "Connect" in report.message:
        return "Is the server running there, and reached from here?"
    if _needs_money(report):
        return "The account has no money or quota left: see its billing page, or take another key."
    return ""


def _shorter(prompt: int | None, limit: int | None) -> str:
    if prompt is None or limit is None:
        return "Show fewer samples: pass max_prompt_samples=."
    has = f"The prompt has {prompt} tokens, {limit} fit"
    if prompt < limit:
        return f"{has}, the reply's included. Ask for a shorter one: pass max_output_tokens=."
    return f"{has}. Show fewer samples: pass max_prompt_samples=."


def is_too_long(report: Report) -> bool:
    """Whether the prompt did not fit into the model's context."""
    if report.code in ("context_length_exceeded", "exceed_context_size_error", "request_too_large"):
        return True
    return report.status == 413 or (
        report.status == 400 and _TOO_LONG.search(report.message) is not None
    )


def lengths(report: Report) -> tuple[int | None, int | None]:
    """The tokens that a prompt has and those that fit, where the server says so; else None."""
    if not is_too_long(report):
        return None, None
    prompt, limit = (count_of(report.details, name) for name in ("n_prompt_tokens", "n_ctx"))
    if prompt and limit:
        return prompt, limit
    for pattern in _LENGTHS:
        if found := re.search(pattern, report.message.replace(",", ""), re.DOTALL):
            return int(found["prompt"]), int(found["limit"])
    return None, None
