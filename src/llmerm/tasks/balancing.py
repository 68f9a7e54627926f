"""Balanced samples of a rule that is only a function: draw, label, keep what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from llmerm.errors import TaskError
from llmerm.typing import Sample
from llmerm.values import key

_PILOT = 1000  # the classes are those that this many draws show
_MOST_CLASSES = 10  # above it labels count as values of a quantity, and are not balanced
_BATCH = 1000
_FEWEST, _PER_SAMPLE = 20_000, 100  # draws before a class of two counts as too rare: 1 in 200

DrawMany = Callable[[int], list[Sample]]
"""Gives that many labelled draws; inputs may repeat."""


def balanced(
    m: int, draw: DrawMany, *, name: str, balance: bool | None, extra: int
) -> list[Sample]:
    """`m` distinct samples, each class equally often (one more or less) by rejection.

    Args:
        m: how many samples.
        draw: where labelled inputs come from.
        name: how to call the task in an error.
        balance: False takes the draws as they come; None does so where there are many labels.
        extra: which class gets the first odd sample, modulo the number of classes.

    Raises:
        TaskError: if a class is too rare, or there is only one.
    """
    pilot = draw(_PILOT)
    classes = sorted({key(sample.y) for sample in pilot})
    if balance is None:
        balance = len(classes) <= _MOST_CLASSES
    if balance and len(classes) == 1:
        raise TaskError(
            f"the rule of {name} gives the label {classes[0]} on all of {_PILOT} drawn inputs. "
            "Pass `inputs=` that draws other inputs as well, or `balance=False`."
        )
    quota = _quota(m, classes, extra) if balance else None
    return _collected(m, _distinct(pilot, draw, _FEWEST + _PER_SAMPLE * m), name=name, quota=quota)


def _quota(m: int, classes: list[str], extra: int) -> Counter[str]:
    share, rest = divmod(m, len(classes))
    quota = Counter(dict.fromkeys(classes, share))
    for i in range(rest):
        quota[classes[(extra + i) % len(classes)]] += 1
    return quota


def _distinct(pilot: list[Sample], draw: DrawMany, limit: int) -> Iterator[Sample]:
    """New inputs as they come, out of about `limit` draws at most."""
    seen: set[str] = set()
    batch = pilot
    for _ in range(0, limit, _BATCH):
        for sample in batch:
            identity = key(sample.x)
            if identity not in seen:
                seen.add(identity)
                yield sample
        batch = draw(_BATCH)


def _collected(
    m: int, stream: Iterator[Sample], *, name: str, quota: Counter[str] | None
) -> list[Sample]:
    kept: list[Sample] = []
    counts: Counter[str] = Counter()
    for sample in stream:
        label = key(sample.y)
        counts[label] += 1
        if quota is None or counts[label] <= quota[label]:
            kept.append(sample)
        if len(kept) == m:
            return kept
    raise _too_few(m, counts, name=name, quota=quota)


def _too_few(m: int, counts: Counter[str], *, name: str, quota: Counter[str] | None) -> TaskError:
    total = counts.total()
    if quota is None:
        return TaskError(
            f"{name} gave only {total} distinct inputs, and m={m} asks for more. "
            f"Ask for at most m={total}, or for a larger n."
        )
    rare = min(quota, key=lambda label: counts[label] - quota[label])
    return TaskError(
        f"the label {rare} of {name} came on {counts[rare]} of {total} distinct inputs "
        f"(a rate of {counts[rare] / total:.2g}), and m={m} needs {quota[rare]}. Pass `inputs=` "
        f"that draws it more often, ask for at most m={counts[rare] * len(quota)}, or pass "
        "`balance=False`."
    )
