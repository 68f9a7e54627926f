"""What each family of models takes: one table, and what a server itself says it does not take."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Literal, TypeAlias

from llmerm.errors import ArgumentError, LlmermWarning

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""All efforts that some model takes, from no reasoning at all to as much as it can."""

Thinking: TypeAlias = Literal["none", "budget", "adaptive"]
"""How a Claude model is told to think: not at all, up to so many tokens, or as it sees fit."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a model takes.

    Attributes:
        efforts: the reasoning efforts it knows; empty for none, None where that is not known.
        sampling: whether it takes a temperature; None where that depends, or is not known.
        structured: whether its replies can be held to a JSON schema.
        thinking: how a Claude model is told to think.
        off: what `thinking` says for no thinking before a reply; None where it cannot be off.
        cached_from: the least tokens of a prompt that the provider caches; 0 for not known.
        marks: whether the prompt cache takes explicit marks.
    """

    efforts: tuple[str, ...] | None = None
    sampling: bool | None = None
    structured: bool = False
    thinking: Thinking = "none"
    off: str | None = None
    cached_from: int = 0
    marks: bool = False


UNKNOWN = Capability()
"""The careful default: send what the user asked for, and nothing more."""


def _gpt(*efforts: str, sampling: bool | None = None, marks: bool = False) -> Capability:
    return Capability(efforts, sampling, structured=True, cached_from=1024, marks=marks)


def _claude(
    *efforts: str,
    thinking: Thinking = "adaptive",
    off: str | None = "disabled",
    sampling: bool = False,
    structured: bool = True,
    cached_from: int = 1024,
) -> Capability:
    return Capability(efforts, sampling, structured, thinking, off, cached_from, marks=True)


_LOW = ("low", "medium", "high")
_XHIGH = (*_LOW, "xhigh")
_MAX = (*_XHIGH, "max")

FAMILIES: tuple[tuple[str, Capability], ...] = (
    # OpenAI; the first pattern that a name begins with is the one
    (r"gpt-6\.[1-9]\d*-(sol|terra|astra)", _gpt(*_MAX, sampling=False, marks=True)),
    (r"gpt-6-|gpt-5\.6", _gpt("none", *_MAX, marks=True)),
    (r"gpt-5\.[2-5]-pro", _gpt("medium", "high", "xhigh")),
    (r"gpt-5[\d.]*-chat", Capability((), sampling=True, cached_from=1024)),
    (r"gpt-5\.[2-5]", _gpt("none", *_XHIGH)),
    (r"gpt-5\.1-codex-max", _gpt(*_XHIGH)),
    (r"gpt-5\.1", _gpt("none", *_LOW)),
    (r"gpt-5-pro", _gpt("high", sampling=False)),
    (r"gpt-5(-|$)", _gpt("minimal", *_LOW, sampling=False)),
    (r"o1-(preview|mini)", Capability(())),
    (r"o[134](-mini|-pro)?(-\d|$)", _gpt(*_LOW, sampling=False)),
    (r"gpt-4\.1|gpt-4o", _gpt(sampling=True)),
    (r"gpt-(4|3\.5)", Capability((), cached_from=1024)),
    # Anthropic
    (r"claude-(opus|haiku)-5-5", _claude(*_MAX, off=None, cached_from=512)),
    (r"claude-sonnet-5-5", _claude("none", *_MAX, off="between_tools", cached_from=512)),
    (r"claude-(fable|mythos)", _claude(*_MAX, off=None)),
    (r"claude-(opus|sonnet|haiku)-5", _claude("none", *_MAX)),
    (r"claude-opus-4-[78]", _claude("none", *_MAX)),
    (r"claude-opus-4-6", _claude("none", *_LOW, "max", sampling=True, cached_from=4096)),
    (r"claude-sonnet-4-6", _claude("none", *_LOW, "max", sampling=True, cached_from=2048)),
    (
        r"claude-(opus|haiku)-4-5",
        _claude("none", *_LOW, thinking="budget", sampling=True, cached_from=4096),
    ),
    (
        r"claude-sonnet-4-5|claude-opus-4-1",
        _claude("none", *_LOW, thinking="budget", sampling=True),
    ),
    (
        r"claude-(opus|sonnet)-4|claude-3-7",
        _claude("none", *_LOW, thinking="budget", sampling=True, structured=False),
    ),
    (
        r"claude-(3|2|instant)",
        _claude(thinking="none", sampling=True, structured=False, cached_from=2048),
    ),
)
"""Names of models as patterns, and what such models take, as their providers document it."""


def capability(model: str) -> Capability:
    """What a model takes, by its name; `UNKNOWN` for names that are in no family.

    >>> capability("gpt-5-mini").efforts
    ('minimal', 'low', 'medium', 'high')
    """
    found = (able for pattern, able in FAMILIES if re.match(pattern, model))
    return next(found, UNKNOWN)


def check_effort(effort: str | None) -> None:
    """Nothing, if this is an effort that some model takes.

    Whether this one takes it, its server knows best: it says so, and the parameter is dropped.

    Raises:
        ArgumentError: for any other word.
    """
    if effort is not None and effort not in EFFORTS:
        raise ArgumentError(f"`effort` must be one of {', '.join(EFFORTS)}, got {effort!r:.40}.")


def taken_temperature(temperature: float | None, model: str) -> float | None:
    """The temperature, or None with a warning where the model is known to take none."""
    if temperature is None or capability(model).sampling is not False:
        return temperature
    warnings.warn(
        f"the model {model!r} takes no temperature: {temperature:g} is left out.",
        LlmermWarning,
        stacklevel=3,
    )
    return None


def known_efforts(model: str) -> str:
    """What the table says of a model's efforts, in words; empty where it says nothing.

    >>> known_efforts("gpt-5-pro")
    'It is documented to take effort="high".'
    """
    efforts = capability(model).efforts
    if efforts is None:
        return ""
    choices = " or ".join(f'effort="{effort}"' for effort in efforts) or "no effort"
    return f"It is documented to take {choices}."
