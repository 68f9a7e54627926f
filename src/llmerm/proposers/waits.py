"""How long a server asks to wait, from the headers of its answer."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from datetime import UTC, datetime

_RESETS = (
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
    "anthropic-ratelimit-requests-reset",
    "anthropic-ratelimit-tokens-reset",
    "anthropic-ratelimit-input-tokens-reset",
    "anthropic-ratelimit-output-tokens-reset",
)
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


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


def _seconds(text: str, unit: float = 1.0) -> float | None:
    """A wait as seconds, as "1m30s", or as a date; None where it is none of them."""
    if re.fullmatch(_NUMBER, text, re.ASCII):
        return float(text) * unit
    if re.fullmatch(f"(?:{_NUMBER}(?:ms|[smhd]))+", text, re.ASCII):
        parts = re.findall(f"({_NUMBER})(ms|[smhd])", text)
        return sum(float(number) * _UNITS[name] for number, name in parts)
    when = _http_date(text) or _iso_date(text)
    return None if when is None else max(0.0, (when - datetime.now(UTC)).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _iso_date(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
