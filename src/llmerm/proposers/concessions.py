"""What a server has been found not to take: dropped from all later calls to it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from llmerm.errors import LlmermWarning
from llmerm.typing import Value

Body: TypeAlias = dict[str, Value]
"""The JSON body of a request, as the API documents it."""

_REFUSAL = re.compile(
    r"unsupported|not supported|does ?n.t support|does not support|unrecogni[sz]ed|unknown|"
    r"not permitted|unexpected|extra_forbidden|not allowed|deprecated|not available|no longer",
    re.IGNORECASE,
)
_REFUSED = {"unsupported_parameter", "unsupported_value", "unknown_parameter"}
_HAS_PARTS = frozenset({"reasoning", "output_config", "text"})
"""Parameters that make sense without one of their parts."""

_ALWAYS_SENT = frozenset(
    {"model", "messages", "input", "instructions", "system", "stream", "max_output_tokens"}
)
_OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
"""The limit of tokens is never left out, or nothing would bound what a call can cost."""

_TOO_MANY = re.compile(
    r"\bn\b[^.]{0,60}?(?:must|should|at most|up to|maximum|less than|between|<=|exceed|greater)|"
    r"value must be between 1 <= value",
    re.IGNORECASE,
)


@dataclass
class Concessions:
    """What is left out of the calls to one server.

    Attributes:
        asked: what the user asked for by name; dropping it is worth a warning.
        hint: what else that warning says.
        dropped: what the server has said that it does not take, in the order it said so.
    """

    asked: frozenset[str] = frozenset()
    hint: str = ""
    dropped: list[str] = field(default_factory=list)

    def apply(self, body: Body) -> Body:
        """The body without what is dropped; a limit of tokens goes on under its other name."""
        for name in self.dropped:
            limit = body.get(name)
            body = _without(body, name.split("."))
            if name in _OTHER_NAME:
                body = {**body, _OTHER_NAME[name]: limit}
        return body

    def learn(self, body: Body, *, param: str, code: str, message: str) -> str | None:
        """What the server says of this body that it does not take, or None.

        Args:
            body: what was sent.
            param: what the server's error names, if anything.
            code: the error's code.
            message: its text.
        """
        if code not in _REFUSED and not _REFUSAL.search(message):
            return None
        names = sorted(self._optional(body), key=len, reverse=True)
        for said in (param, message):
            for name in names:
                if said == name or (said and _mentions(said, name)):
                    return name
        return None

    def drop(self, name: str) -> None:
        """Leaves it out from now on."""
        if name in self.dropped:
            return
        self.dropped.append(name)
        if not self.asked.isdisjoint(name.split(".")):
            warnings.warn(
                f"the server does not take {name!r} with this model: it is left out. {self.hint}",
                LlmermWarning,
                stacklevel=2,
            )

    def _optional(self, body: Mapping[str, Value]) -> Iterator[str]:
        for name, value in body.items():
            if name in _ALWAYS_SENT or _OTHER_NAME.get(name) in self.dropped:
                continue
            yield name
            if name in _HAS_PARTS and isinstance(value, dict):
                yield from (f"{name}.{inner}" for inner in value)


def most_replies(body: Body, *, param: str, message: str) -> int | None:
    """How many replies a call may ask for, if the server says that this one asked for too many."""
    asked = body.get("n")
    if not isinstance(asked, int) or asked < 2:
        return None
    if param != "n" and not _TOO_MANY.search(message):
        return None
    limits = [int(digits) for digits in re.findall(r"(?<!\d)\d{1,12}(?!\d)", message)]
    return max((limit for limit in limits if 0 < limit < asked), default=1)


def _mentions(text: str, name: str) -> bool:
    """Whether a text has the name as a word of its own, whatever joins its parts."""
    joined = r"\W{1,5}".join(map(re.escape, name.split(".")))
    bound = r"(?<!\w)" + joined + r"(?!\w)"
    quoted = len(name) > 3 or f"'{name}'" in text or f'"{name}"' in text or f"`{name}`" in text
    return quoted and re.search(bound, text) is not None


def _without(body: Body, path: list[str]) -> Body:
    first, *rest = path
    if first not in body:
        return body
    kept = {name: value for name, value in body.items() if name != first}
    inner = body[first]
    if rest and isinstance(inner, dict) and (left := _without(inner, rest)):
        return {**body, first: left}
    return kept
