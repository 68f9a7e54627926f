"""Certificates of regressions: how often a program is far off, or how large its mean loss is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llmerm import losses
from llmerm.certificates.bounded import betting_upper, kl_upper
from llmerm.certificates.certificate import POPULATION, SAMPLED, Certificate
from llmerm.certificates.counted import UNTOUCHED, fresh
from llmerm.errors import ArgumentError
from llmerm.typing import Prediction, Value


def within(
    predictions: Sequence[Prediction],
    labels: Sequence[Value],
    *,
    t: float,
    delta: float = 0.05,
    population: str = SAMPLED,
) -> Certificate:
    """The certificate of a regression: how often the program is off by more than `t`.

    It needs no bound on the loss. A prediction that is missing, or is no number, is off.

    Args:
        predictions: of one program, on fresh samples.
        labels: their labels, as many.
        t: the tolerated distance, in the label's unit, declared before they were looked at.
        delta: the bound may fail with at most this probability, in (0, 1).
        population: what the bound speaks of, in words.

    Raises:
        ArgumentError: if an argument is out of its range, or the lengths differ.

    >>> print(within([0.1] * 99 + [7.0], [0.0] * 100, t=0.5, population="such inputs"))
    with confidence 0.95 the program is off by more than 0.5 on at most 4.66% of such inputs (1 ...
    """
    if len(predictions) != len(labels):
        raise ArgumentError(f"{len(predictions)} predictions but {len(labels)} labels.")
    loss = losses.within(t)
    errors = round(sum(loss.each(predictions, labels)))
    return replace(fresh(errors, len(labels), delta=delta, population=population), wrong=loss.wrong)


def best_mean(
    mean: float,
    samples: int,
    *,
    most: float,
    delta: float = 0.05,
    count: int,
    why: str,
    population: str = POPULATION,
    rule: str = "union",
) -> Certificate:
    """The certificate of the best of `count` candidates, for a loss of at most `most`, by kl.

    Args:
        mean: the mean loss of the chosen candidate.
        samples: samples it is the mean over; a stratified split will do.
        most: the loss's largest value, declared before they were looked at.
        delta: the bound may fail with at most this probability, in (0, 1).
        count: candidates that it pays for, as in `best_of`.
        why: how the count came about, in words.
        population: what the bound speaks of, in words.
        rule: as in `best_of`.

    Raises:
        ArgumentError: if an argument is out of its range, or `most` is not finite.

    >>> round(best_mean(0.0, 100, most=10.0, count=1, why="fixed").bound, 3)
    0.295
    """
    return Certificate(
        bound=kl_upper(mean, samples, most=most, delta=delta, count=count),
        confidence=1 - delta,
        method=f"kl+{rule}",
        count=count,
        errors=None,
        samples=samples,
        why=why,
        population=population,
        mean=mean,
        wrong="",
    )


def fresh_losses(
    values: Sequence[float], *, most: float, delta: float = 0.05, population: str = SAMPLED
) -> Certificate:
    """The certificate from one program's losses on fresh samples, each at most `most`, by betting.

    Args:
        values: the losses, one per sample, in the order of the samples.
        most: the loss's largest value, declared before they were looked at.
        delta: the bound may fail with at most this probability, in (0, 1).
        population: what the bound speaks of, in words.

    Raises:
        ArgumentError: if an argument is out of its range, or `most` is not finite.

    >>> fresh_losses([0.0, 0.1] * 50, most=1.0).bound < 0.09
    True
    """
    return Certificate(
        bound=betting_upper(values, most=most, delta=delta),
        confidence=1 - delta,
        method="betting",
        count=1,
        errors=None,
        samples=len(values),
        why=UNTOUCHED,
        population=population,
        mean=losses.average(values, len(values)),
        part="fresh",
        wrong="",
    )
