"""The values that pass between the parts, named once.

This is a leaf: it imports nothing of the library, and every part may import it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple, TypeAlias

Value: TypeAlias = (
    "str | int | float | bool | list[Value] | tuple[Value, ...] | dict[str, Value] | None"
)
"""What an input, a label or a prediction may be: a JSON-like value, carried by value."""

Reason: TypeAlias = Literal[
    "empty",  # there is no source at all
    "no_code",  # the reply holds no program
    "too_long",  # the source is longer than the library reads
    "syntax_error",  # the source is not Python
    "no_function",  # the source defines no function to call
    "load_error",  # running the module's body raised
    "raised",  # every single call raised or gave no usable value
    "timeout",  # CPU or wall time ran out
    "memory",  # the memory limit was hit outside a single call
    "crash",  # the process died by a signal
    "exit",  # the process left on its own
    "impure",  # it gave other predictions when it was run again
    "bad_reply",  # what came back was not what the sandbox's protocol says
    "abandoned",  # it could no longer beat the incumbent
    "refused",  # the model declined to answer
    "truncated",  # the model's reply was cut off
    "provider",  # the call to the model failed for good
    "exhausted",  # the proposer had no more: no draw at all, and left out of the candidates
]
"""Why a candidate has no score. A reason is never turned into a score."""


class Sample(NamedTuple):
    """One labelled example: the input `x` and its label `y`."""

    x: Value
    y: Value


@dataclass(frozen=True, slots=True)
class SampleError:
    """Why a program gave no prediction for one input: an exception, or no plain value."""

    kind: str
    detail: str = ""


Prediction: TypeAlias = "Value | SampleError"


@dataclass(frozen=True, slots=True)
class Ran:
    """A program ran: one prediction or `SampleError` per input, in the order of the inputs."""

    predictions: Sequence[Prediction]
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """A program has no predictions, and this is why."""

    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


@dataclass(frozen=True, slots=True)
class Scored:
    """A program's empirical risk on each part; None where the part is empty.

    `sample_errors` counts the inputs on which the program gave no prediction, over both parts;
    `first_error` is the first of them. `behaviour` is a digest of the predictions on all inputs:
    programs with one behaviour cannot be told apart by these samples.
    """

    train_error: float | None
    held_out_error: float | None
    bits: float
    sample_errors: int = 0
    first_error: SampleError | None = None
    cpu_seconds: float = 0.0
    behaviour: str = ""


Verdict: TypeAlias = Scored | Failed


@dataclass(frozen=True, slots=True)
class Usage:
    """What was spent: calls, tokens by kind, US dollars, seconds. Usages add up with `+`.

    Cached and written tokens are parts of those in: read from a provider's prompt cache, and put
    into it. Reasoning tokens are a part of those out.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_written: int = 0
    tokens_out: int = 0
    tokens_reasoning: int = 0
    usd: float = 0.0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in and out together."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(Usage))
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """A hard stop: US dollars, tokens, calls, wall seconds. None is no limit of that kind."""

    usd: float | None = None
    tokens: int | None = None
    calls: int | None = None
    seconds: float | None = None

    def spent(self, usage: Usage) -> str | None:
        """The first limit that `usage` has reached, in words, or None while there is room."""
        return self._first(usage, operator.ge)

    def exceeded(self, usage: Usage) -> str | None:
        """The first limit that `usage` is above, in words, or None."""
        return self._first(usage, operator.gt)

    def _first(self, usage: Usage, over: Callable[[float, float], bool]) -> str | None:
        for name in ("usd", "tokens", "calls", "seconds"):
            limit = getattr(self, name)
            if limit is not None and over(getattr(usage, name), limit):
                return f"{name}={limit:g}"
        return None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One draw of a proposer: a program's source, or the reason why the draw gave none.

    `draw` counts a proposer's draws from 0. `prior_bits` is -log2 of the program's probability
    under the proposer's own prior, for proposers that have one. It orders programs that err alike;
    no certificate rests on it, as the samples may have chosen the prior's grammar.
    """

    draw: int
    source: str = ""
    failure: Failed | None = None
    prior_bits: float | None = None
    reply: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a fit stands, passed to the `progress` callable after each verdict.

    `drawn` of at most `k` candidates are judged, and `scored` of these have a score; `best_error`
    is the least held-out error so far (train error, where nothing is held out), NaN before any was
    scored.
    """

    drawn: int
    k: int
    best_error: float = math.nan
    usage: Usage = field(default_factory=Usage)
    scored: int = 0


ProgressHook: TypeAlias = Callable[[Progress], None]
