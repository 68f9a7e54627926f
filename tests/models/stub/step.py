"""What the stub is told to do with one call."""

from __future__ import annotations

import json
from dataclasses import dataclass

RIGHT = "def f(x):\n    return x % 2"
BIG = 10_000_000


def as_json(code: str) -> str:
    """A reply in the contract of the paper's prompt."""
    return json.dumps({"code": code})


@dataclass(frozen=True)
class Step:
    """What the stub does with one call.

    Attributes:
        text: what it replies, in each choice.
        fault: a status ("429", "500", "503", "529"), or "quota", "drop" (the connection closes in
            mid-stream), "cut" (an event's JSON is truncated), "failed" (an error event in
            mid-stream), "usage" (counts that make no sense), "unmetered" (no counts), "one" (counts
            one choice of several), "refusal", "length", "silent" (no content), "big" (10 MB).
        after: seconds for retry-after, with a 429 or 529.
        first: seconds until the first part, and
        latency: until the last; None for the server's own.
        refuse: a parameter that it calls unsupported.
    """

    text: str = as_json(RIGHT)
    fault: str | None = None
    after: float | None = None
    first: float | None = None
    latency: float | None = None
    refuse: str | None = None

    def texts(self, count: int) -> list[str]:
        """The text of each choice."""
        text = "" if self.fault == "silent" else self.text
        return [text + "x" * BIG if self.fault == "big" else text] * count


def by_seed(seed: int) -> str:
    """A reply for each seed; the program of seed 47 is right, and many are alike."""
    wrong = f"def f(x):\n    return (str(x).count('1') * {seed % 29} + {seed % 7}) % 3 % 2"
    return as_json(RIGHT if seed == 47 else wrong)
