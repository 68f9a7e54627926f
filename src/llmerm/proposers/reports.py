"""What went wrong, in one form for all: SDKs, their HTTP layer, servers of every make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
        code=_code({"error_code": getattr(error, "error_code", None)} | dict(details))
        or _code(vars(error)),
        param=str(details.get("param") or ""),
        headers=getattr(response, "headers", {}),
        details=details,
    )


def _error_part(body: object) -> Mapping[str, object]:
    """The part of an answer that describes an error, wherever its server puts it."""
    if not isinstance(body, dict):
        return {"message": body} if isinstance(body, str) else {}
    inner = body.get("error", body.get("detail", body))
    if isinstance(inner, dict):
        return inner
    return {"message": str(inner)}


def _code(details: Mapping[str, object]) -> str:
    """The most telling of an error's names that are words, as some servers put its status there."""
    names = (details.get(name) for name in ("error_code", "code", "type"))
    return next((name for name in names if isinstance(name, str) and not name.isdigit()), "")
