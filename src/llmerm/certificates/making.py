"""The ways to a certificate, one for each way in which samples can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llmerm import losses
from llmerm.certificates.binomial import clopper_pearson, description_length
from llmerm.certificates.bounded import betting_upper, kl_upper
from llmerm.certificates.certificate import POPULATION, SAMPLED, Certificate
from llmerm.certificates.level import anytime_count
from llmerm.errors import ArgumentError
from llmerm.typing import Prediction, Value

_UNTOUCHED = "on samples that chose nothing"


def best_of(
    errors: int,
    samples: int,
    *,
    delta: float = 0.05,
    count: int,
    why: str,
    wrong: str = "is wrong",
    population: str = POPULATION,
) -> Certificate:
    """The certificate of the best of `count` candidates, exact for a loss that counts errors.

    It holds if all of them were fixed without looking at these samples. The count is of all that
    could have been chosen: drawn or not, failed or not, equal to others or not.

    Args:
        errors: errors of the chosen candidate.
        samples: samples they were counted on.
        delta: the bound may fail with at most this probability, in (0, 1).
        count: candidates that it pays for.
        why: how the count came about, in words.
        wrong: what counts as an error, in words.
        population: what the bound speaks of, in words.

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(best_of(0, 100, count=16, why="chosen among 16").bound, 4)
    0.0561
    """
    return Certificate(
        bound=clopper_pearson(errors, samples, delta=delta, count=count),
        confidence=1 - delta,
        method="clopper-pearson+union",
        count=count,
        errors=errors,
        samples=samples,
        why=why,
        population=population,
        mean=errors / samples,
        wrong=wrong,
    )


def anytime(
    errors: int,
    samples: int,
    *,
    position: int,
    each: int = 1,
    delta: float = 0.05,
    population: str = POPULATION,
) -> Certificate:
    """The certificate of a candidate from a series that has no declared end.

    Args:
        errors: errors of the candidate.
        samples: samples they were counted on.
        position: its place in the order of scoring, from 1; that order must not depend on scores.
        each: candidates at each place: k where a place is a whole fit on the same samples.
        delta: some bound of the series fails with at most this probability, in (0, 1).
        population: what the bound speaks of, in words.

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> anytime(0, 100, position=3).count
    12
    """
    count = anytime_count(position, each=each)
    place = "candidate" if each == 1 else f"fit of {each} candidates"
    return Certificate(
        bound=clopper_pearson(errors, samples, delta=delta, count=count),
        confidence=1 - delta,
        method="clopper-pearson+anytime",
        count=count,
        errors=errors,
        samples=samples,
        why=f"{place} number {position} of a series that may go on, which pays for {count}",
        population=population,
        mean=errors / samples,
    )


def fresh(
    errors: int, samples: int, *, delta: float = 0.05, population: str = SAMPLED
) -> Certificate:
    """The certificate from samples that played no part in the choice: the tightest there is.

    It holds for one program, fixed before any of them was looked at.

    Args:
        errors: errors of the program.
        samples: fresh samples they were counted on.
        delta: the bound may fail with at most this probability, in (0, 1).
        population: what the bound speaks of, in words.

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(fresh(0, 100).bound, 4)
    0.0295
    """
    return Certificate(
        bound=clopper_pearson(errors, samples, delta=delta),
        confidence=1 - delta,
        method="clopper-pearson",
        count=1,
        errors=errors,
        samples=samples,
        why=_UNTOUCHED,
        population=population,
        mean=errors / samples,
        part="fresh",
    )


def described(
    errors: int,
    samples: int,
    *,
    bits: float,
    delta: float = 0.05,
    wrong: str = "is wrong",
    population: str = SAMPLED,
) -> Certificate:
    """The certificate that pays for a program's length, from the samples it was made from.

    Args:
        errors: errors of the program on all samples.
        samples: how many these are.
        bits: the length of the program in a prefix code that was fixed before the samples.
        delta: the bound may fail, for any program, with at most this probability, in (0, 1).
        wrong: what counts as an error, in words.
        population: what the bound speaks of, in words.

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(described(0, 1000, bits=144).bound, 3)
    0.098
    """
    return Certificate(
        bound=description_length(errors, samples, bits=bits, delta=delta),
        confidence=1 - delta,
        method="description-length",
        count=1,
        errors=errors,
        samples=samples,
        why=f"nothing was held out, so nothing was verified: paid for by its {bits:.0f} bits, "
        "under a code that was fixed before the samples",
        population=population,
        mean=errors / samples,
        part="training",
        wrong=wrong,
    )


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

    Raises:
        ArgumentError: if an argument is out of its range, or `most` is not finite.

    >>> round(best_mean(0.0, 100, most=10.0, count=1, why="fixed").bound, 3)
    0.295
    """
    return Certificate(
        bound=kl_upper(mean, samples, most=most, delta=delta, count=count),
        confidence=1 - delta,
        method="kl+union",
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
        why=_UNTOUCHED,
        population=population,
        mean=losses.average(values, len(values)),
        part="fresh",
        wrong="",
    )
