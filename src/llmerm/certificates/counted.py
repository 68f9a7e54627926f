"""Certificates from a count of errors, one for each way in which samples can be used."""

from __future__ import annotations

from llmerm.certificates.binomial import clopper_pearson, description_length
from llmerm.certificates.certificate import POPULATION, SAMPLED, Certificate
from llmerm.certificates.level import anytime_count

UNTOUCHED = "on samples that chose nothing"
"""Why a bound from fresh samples pays for one program alone."""


def best_of(
    errors: int,
    samples: int,
    *,
    delta: float = 0.05,
    count: int,
    why: str,
    wrong: str = "is wrong",
    population: str = POPULATION,
    rule: str = "union",
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
        rule: how the count was made, for `method`: "union" or "anytime".

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(best_of(0, 100, count=16, why="chosen among 16").bound, 4)
    0.0561
    """
    return Certificate(
        bound=clopper_pearson(errors, samples, delta=delta, count=count),
        confidence=1 - delta,
        method=f"clopper-pearson+{rule}",
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
        why=UNTOUCHED,
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
