"""The errors of the SDKs and their servers, as faults: what to do next, and never a key."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.model import Fault
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
_RESETS = (
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
    "anthropic-ratelimit-requests-reset",
    "anthropic-ratelimit-tokens-reset",
    "anthropic-ratelimit-input-tokens-reset",
    "anthropic-ratelimit-output-tokens-reset",
)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Report:
    """What a server, or the way to it, said went wrong.

    Attributes:
        message: in its own words.
        status: of HTTP; None where there was no answer, 200 where an answer broke off.
        code: the error's code, else its type.
        param: what in the request it is about.
        headers: of the answer.
        details: what else the answer's error holds.
    """

    message: str
    status: int | None = None
    code: str = ""
    param: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)


def report_of(error: BaseException) -> Report:
    """What an exception of an SDK, of its HTTP layer, or of reading an answer says."""
    details = _error_part(getattr(error, "body", None))
    response = getattr(error, "response", None)
    said = details.get("message") or getattr(error, "message", None) or str(error)
    cause = error.__cause__
    if cause is not None and str(cause) and response is None:
        said = f"{said} ({type(cause).__name__}: {cause})"
    return Report(
        message=str(said) or type(error).__name__,
        status=getattr(error, "status_code", getattr(response, "status_code", None)),
        code=_code(details) or _code(vars(error)),
        param=str(details.get("param") or ""),
        headers=getattr(response, "headers", {}),
        details=details,
    )


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
    return Fault(message, kind, after=after, usage=usage)


def kind_of(report: Report) -> Kind:
    """What to do about it, by status and code; `x-should-retry` settles what is in doubt."""
    if _needs_money(report):
        return "fatal"
    kind = _kind_by_status_and_code(report)
    advice = report.headers.get("x-should-retry", "")
    if advice == "false" and kind in ("transient", "overloaded"):
        return "rejected"
    return "transient" if advice == "true" and kind == "fatal" else kind


def wait_of(headers: Mapping[str, str]) -> float | None:
    """The seconds that a server asks to wait, from its headers; None where it asks nothing."""
    if (asked := _seconds(headers.get("retry-after-ms", ""), unit=0.001)) is not None:
        return asked
    if (asked := _seconds(headers.get("retry-after", ""))) is not None:
        return asked
    resets = [
        wait
        for name in _RESETS
        if headers.get(name.replace("-reset", "-remaining"), "0") == "0"
        and (wait := _seconds(headers.get(name, ""))) is not None
    ]
    return max(resets, default=None)


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
        return f"{_lengths(report)}Show fewer samples: pass max_prompt_samples=."
    if report.status == 401 or report.code in ("authentication_error", "invalid_api_key"):
        return f"Set {endpoint.variable} to a key that {endpoint.host} accepts."
    if report.status == 403 or report.code == "permission_error":
        return f"The key in {endpoint.variable} may not use the model {model!r}: take another."
    if report.status == 404 or report.code in ("not_found_error", "model_not_found"):
        return f"To list the models that it has: GET {endpoint.shown.rstrip('/')}/models."
    if report.status is None and "Connect" in report.message:
        return "Is the server running there, and reached from here?"
    if _needs_money(report):
        return "The account has no money or quota left: see its billing page, or take another key."
    return ""


def is_too_long(report: Report) -> bool:
    """Whether the prompt did not fit into the model's context."""
    if report.code in ("context_length_exceeded", "exceed_context_size_error", "request_too_large"):
        return True
    return report.status == 413 or (
        report.status == 400 and _TOO_LONG.search(report.message) is not None
    )


def _lengths(report: Report) -> str:
    """What the prompt has and what fits, where the server says so in numbers."""
    prompt, limit = report.details.get("n_prompt_tokens"), report.details.get("n_ctx")
    if prompt is None or limit is None:
        return ""
    return f"The prompt has {prompt} tokens, {limit} fit. "


def _error_part(body: object) -> Mapping[str, object]:
    """The part of an answer that describes an error, wherever its server puts it."""
    if not isinstance(body, dict):
        return {"message": body} if isinstance(body, str) else {}
    inner = body.get("error", body.get("detail", body))
    if isinstance(inner, dict):
        return inner
    return {"message": str(inner)}


def _code(details: Mapping[str, object]) -> str:
    for name in ("error_code", "code", "type"):
        if isinstance(found := details.get(name), str) and found in _CODES:
            return found
    return str(details.get("code") or details.get("type") or "")


def _seconds(text: str, unit: float = 1.0) -> float | None:
    """A wait as seconds, as "1m30s", or as a date; None where it is none of them."""
    if not text:
        return None
    try:
        return max(0.0, float(text) * unit)
    except ValueError:
        pass
    parts = re.findall(r"([\d.]+)(ms|[smhd])", text)
    if parts and "".join(number + name for number, name in parts) == text:
        return sum(float(number) * _UNITS[name] for number, name in parts)
    return _until(text)


def _until(date: str) -> float | None:
    try:
        when = email.utils.parsedate_to_datetime(date)
    except ValueError:
        try:
            when = datetime.fromisoformat(date)
        except ValueError:
            return None
    return max(0.0, when.timestamp() - time.time())
