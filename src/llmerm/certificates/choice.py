"""The certificate of a fit's choice: which bound its samples and its loss allow."""

from __future__ import annotations

import math

from llmerm.certificates.certificate import Certificate, none
from llmerm.certificates.counted import best_of, described
from llmerm.certificates.level import anytime_count
from llmerm.certificates.numeric import best_mean
from llmerm.errors import ArgumentError
from llmerm.losses import Loss
from llmerm.samples import Samples, Split
from llmerm.typing import Scored

_WHICH_CODE_BITS = 1.0
"""`Program.bits` is the length of a syntax tree, or of the text where there is no tree: two prefix
codes, so one bit says which."""


def of_choice(
    verdict: Scored,
    split: Split,
    loss: Loss,
    *,
    delta: float,
    count: int,
    why: str,
    rule: str = "union",
) -> Certificate:
    """The certificate of the program that was chosen by its held-out error, if there is one.

    With a held-out part: exact where the loss counts errors, by kl where its largest value is
    declared. Without one: by the program's length, whoever wrote it, since the code of lengths was
    fixed before any samples and pays for all programs at once.

    Args:
        verdict: the scores of the chosen program.
        split: the samples it was made from and chosen on.
        loss: by which it was chosen.
        delta: the bound may fail with at most this probability, in (0, 1).
        count: candidates that could have been chosen.
        why: how the count came about, in words.
        rule: how the count was made, for `method`: "union" or "anytime".

    Raises:
        ArgumentError: if an argument is out of its range, or the program was not scored on the
            samples.

    >>> samples = Samples.of([(i, i % 2) for i in range(100)])
    >>> from llmerm.losses import ZERO_ONE
    >>> best = Scored(0.0, 0.0, 150.0)
    >>> of_choice(best, samples.split(), ZERO_ONE, delta=0.05, count=1, why="alone").samples
    50
    """
    if not split.held_out:
        return _unverified(verdict, split.train, loss, delta)
    error, samples = _known(verdict.held_out_error, "held-out"), len(split.held_out)
    if loss.wrong:
        errors = round(error * samples)
        return best_of(
            errors, samples, delta=delta, count=count, why=why, wrong=loss.wrong, rule=rule
        )
    if loss.most < math.inf:
        return best_mean(
            error, samples, most=loss.most, delta=delta, count=count, why=why, rule=rule
        )
    return none(_unbounded(loss), delta=delta, worst=loss.most)


def of_series(
    verdict: Scored,
    split: Split,
    loss: Loss,
    *,
    delta: float,
    position: int,
    each: int,
    why: str,
) -> Certificate:
    """The certificate of a choice by samples that other fits choose by, before it and after it.

    Each of the series holds, all of them together, with confidence 1 - delta: so you may stop at
    any of them, also because you like it, and keep any.

    Args:
        verdict: the scores of the chosen program; this and the next two as in `of_choice`.
        split: the samples it was made from and chosen on.
        loss: by which it was chosen.
        delta: some bound of the series fails with at most this probability, in (0, 1).
        position: this choice's place in the series, from 1, fixed before any score was seen.
        each: candidates that could have been chosen here.
        why: how these came about, in words.

    Raises:
        ArgumentError: as in `of_choice`, or if `position` is below 1.

    >>> samples = Samples.of([(i, i % 2) for i in range(100)])
    >>> from llmerm.losses import ZERO_ONE
    >>> best, split = Scored(0.0, 0.0, 150.0), samples.split()
    >>> of_series(best, split, ZERO_ONE, delta=0.05, position=2, each=16, why="of 16").count
    96
    """
    place = f"use number {position} of these samples, {why}, in a series that may go on"
    count = anytime_count(position, each=each)
    return of_choice(verdict, split, loss, delta=delta, count=count, why=place, rule="anytime")


def _unverified(verdict: Scored, train: Samples, loss: Loss, delta: float) -> Certificate:
    if not loss.wrong:
        why = (
            "nothing was held out, so nothing was verified, and a program's length pays for "
            f"losses that count errors, not for {loss.name}"
        )
        return none(why, delta=delta, worst=loss.most)
    errors = round(_known(verdict.train_error, "training") * len(train))
    bits = verdict.bits + _WHICH_CODE_BITS
    return described(errors, len(train), bits=bits, delta=delta, wrong=loss.wrong)


def _known(error: float | None, part: str) -> float:
    if error is None:
        raise ArgumentError(
            f"the verdict has no {part} error, but there are {part} samples. Score the program on "
            "the same split."
        )
    return error


def _unbounded(loss: Loss) -> str:
    return (
        f"the loss {loss.name} has no declared largest value; use llmerm.losses.within(t), which "
        "counts errors as zero_one does, or clipped(loss, most)"
    )
