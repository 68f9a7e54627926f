"""What a program makes of a portion, and of all portions: sums that lose nothing, and a digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from llmerm.losses import Loss, average
from llmerm.scoring.portions import Data, Portion
from llmerm.typing import Failed, Prediction, Ran, SampleError, Scored, Value, Verdict


@dataclass(frozen=True, slots=True)
class Score:
    """What a program made of one portion, small enough to travel.

    Attributes:
        held_out: numbers whose exact sum is that of the losses on held-out samples.
        train: the same on train samples.
        inputs: how many inputs it ran on.
        errors: on how many of them it gave no prediction.
        first_error: the first of these.
        cpu_seconds: what it took.
        behaviour: a digest of the predictions.
        kept: the predictions that were asked for.
    """

    held_out: tuple[float, ...]
    train: tuple[float, ...]
    inputs: int
    errors: int
    first_error: SampleError | None
    cpu_seconds: float
    behaviour: str
    kept: tuple[Prediction, ...] = ()


def score(ran: Ran, portion: Portion, loss: Loss, *, keep: Sequence[int] = ()) -> Score:
    """The score of predictions on a portion, with those at the places `keep` as they are."""
    kinds = {*map(type, ran.predictions)}
    errors = (
        [p for p in ran.predictions if isinstance(p, SampleError)] if SampleError in kinds else []
    )
    cut, labels = portion.held_out, portion.labels
    return Score(
        held_out=exact_sum(loss.each(ran.predictions[:cut], labels[:cut])),
        train=exact_sum(loss.each(ran.predictions[cut:], labels[cut:])),
        inputs=len(ran.predictions),
        errors=len(errors),
        first_error=errors[0] if errors else None,
        cpu_seconds=ran.cpu_seconds,
        behaviour=behaviour(ran.predictions),
        kept=tuple(ran.predictions[place] for place in keep),
    )


def exact_sum(losses: Iterable[float]) -> tuple[float, ...]:
    """Numbers, few of them, whose sum is exactly that of `losses`: nothing is rounded away.

    >>> exact_sum([1.0, 1e-30, 1.0])
    (2.0, 1e-30)
    """
    rest = list(filter(None, losses))
    if {*map(type, rest)} == {bool}:  # as of whether a prediction is wrong
        return (float(len(rest)),)
    parts: list[float] = []
    try:
        while (part := math.fsum(rest)) != 0:
            parts.append(part)
            if not math.isfinite(part):
                break
            rest.append(-part)
    except OverflowError:  # of finite losses, whose sum is beyond every float
        return (math.inf,)
    return tuple(parts)


def total(scores: Sequence[Score], data: Data, *, bits: float) -> Verdict:
    """The verdict on a program of `bits` bits, from its scores on all portions of the data."""
    errors = sum(one.errors for one in scores)
    first = next((one.first_error for one in scores if one.first_error), None)
    if first is not None and errors == sum(one.inputs for one in scores):
        return Failed("raised", f"{first.kind}: {first.detail} (on every input)")
    return Scored(
        train_error=_mean((one.train for one in scores), data.train),
        held_out_error=_mean((one.held_out for one in scores), data.held_out),
        bits=bits,
        sample_errors=errors,
        first_error=first,
        cpu_seconds=sum(one.cpu_seconds for one in scores),
        behaviour=whole_behaviour(scores),
    )


def _mean(sums: Iterable[tuple[float, ...]], count: int) -> float | None:
    return average([part for parts in sums for part in parts], count) if count else None


def behaviour(predictions: Sequence[Prediction]) -> str:
    """A digest of predictions; of an error only its kind counts.

    >>> behaviour([1, 0]) == behaviour([1, 0]) != behaviour([0, 1])
    True
    """
    text = json.dumps(predictions, default=_kind)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _kind(error: SampleError) -> list[str]:
    return [error.kind]


def whole_behaviour(scores: Sequence[Score]) -> str:
    """The digest of the predictions on all portions."""
    digests = [one.behaviour for one in scores]
    return digests[0] if len(digests) == 1 else behaviour(digests)


class Race:
    """Whether a program can still win, as far as its losses are known.

    Args:
        loss: of which each is at least 0.
        count: how many samples are held out.
        bar: asked while the program runs: the held-out error that it may not exceed.
    """

    def __init__(self, loss: Loss, count: int, bar: Callable[[], float]) -> None:
        self._loss = loss
        self._count = count
        self._bar = bar

    def is_lost(self, losses: Iterable[float]) -> bool:
        """Whether a program with these losses on held-out samples, or more, must lose."""
        return average(losses, self._count) > self._bar()

    def watch(
        self, before: Sequence[float], labels: Sequence[Value]
    ) -> Callable[[Sequence[Prediction]], bool] | None:
        """Whether to go on, given the predictions so far for `labels`, with the losses `before`.

        None where there are no labels: nothing then can change any more.
        """
        if not labels:
            return None
        known = 0
        losses = [*before]

        def go_on(predictions: Sequence[Prediction]) -> bool:
            nonlocal known
            new = slice(known, len(labels))
            losses.extend(self._loss.each(predictions[new], labels[new]))
            known = min(len(predictions), len(labels))
            return not self.is_lost(losses)

        return go_on
