"""What is wrong with the samples, said before anything is spent."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from llmerm.columns import keys
from llmerm.errors import DataError, LlmermWarning
from llmerm.samples import Samples, Split
from llmerm.typing import Value
from llmerm.values import key

FEW = 20
"""Fewer held-out samples than this give a certificate that says little."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at: what it is, how often it occurs, what to do."""

    kind: str
    count: int
    advice: str

    def __str__(self) -> str:
        return f"{self.kind} ({self.count}): {self.advice}"


def refuse_hopeless(samples: Samples) -> None:
    """Raises `DataError` where nothing can be learned: too few samples, or one label only."""
    if len(samples) < 2:
        raise DataError(
            f"{len(samples)} sample{'s' * (len(samples) != 1)} given, expected at least 2 with "
            "different labels. Two hundred are usual."
        )
    if len(samples.label_counts) == 1:
        (label,) = samples.label_counts
        raise DataError(
            f"all {len(samples)} samples have the label {label}. A constant program would be "
            "right on them; add samples with another label."
        )


def audit(split: Split) -> tuple[Finding, ...]:
    """All findings about a split, the gravest first.

    >>> twice = Samples.of([("0", 0), ("1", 1)])
    >>> [finding.kind for finding in audit(Split(twice, twice))]
    ['inputs on both sides of the split', 'held-out samples are few']
    """
    train, held_out = split
    known = _known(split)
    findings = (
        _conflicts([*known[0], *known[1]], train.outputs + held_out.outputs),
        _shared(*known),
        _one_class(split),
        _few(held_out),
    )
    return tuple(finding for finding in findings if finding.count)


def warn(findings: Iterable[Finding | str]) -> None:
    """Shows each finding as a `LlmermWarning`, without a line of the event loop as its place."""
    for finding in findings:
        warnings.warn_explicit(str(finding), LlmermWarning, "llmerm", 0, module="llmerm")


def _conflicts(inputs: Sequence[Hashable], outputs: Sequence[Value]) -> Finding:
    labels: dict[Hashable, str] = {}
    twice = {
        x for x, y in zip(inputs, map(key, outputs), strict=True) if labels.setdefault(x, y) != y
    }
    count = len(twice)
    return Finding(
        "inputs with two labels", count, "no program can be right on all of them; check the labels."
    )


def shared(split: Split) -> Finding:
    """How many held-out inputs occur in the other part, too.

    >>> twice = Samples.of([("0", 0), ("1", 1)])
    >>> shared(Split(twice, twice)).count
    2
    """
    return _shared(*_known(split))


def _known(split: Split) -> list[list[Hashable]]:
    """What tells the inputs of each part."""
    return [*map(list, keys(*(part.inputs for part in split)))]


def _shared(train: Sequence[Hashable], held_out: Sequence[Hashable]) -> Finding:
    seen = set(train)
    count = sum(x in seen for x in held_out)
    return Finding(
        "inputs on both sides of the split",
        count,
        "if these are copies of one record, the held-out error is too good: drop them. "
        "Independent draws that happen to be equal are fine.",
    )


def _one_class(split: Split) -> Finding:
    alone = [
        name
        for name, part in zip(("train", "held-out"), split, strict=True)
        if len(part.label_counts) == 1
    ]
    return Finding(
        f"only one label in the part {' and in '.join(alone)}",
        len(alone),
        "a constant is right on it; add samples or change `held_out`.",
    )


def _few(held_out: Samples) -> Finding:
    few = len(held_out) if 0 < len(held_out) < FEW else 0
    return Finding(
        "held-out samples are few",
        few,
        "the certificate will say little; with 100 and no error it says about 5 %.",
    )
