"""Programs that choose between two: a condition that parts the samples, and one for each side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.transform.concat import rows
from llmerm.search.solvers.transform.language import Language
from llmerm.search.solvers.transform.pool import Found, Pool

MOST_CONDITIONS = 24

WORSE = 8.0
"""A choice of so many more bits than the best is still worth handing on."""

ONCE = 6.0
"""Bits added for a side that a single sample shows: much that is wrong would fit it."""


def choices(
    language: Language, pool: Pool, values: Sequence[Found], labels: Sequence[str], clock: Clock
) -> Iterator[Found]:
    """`a if condition else b` for the cheapest condition of each way to part the samples."""
    op = language.grammar["choice"]
    best = inf
    fits = [[v in y for v, y in zip(f.values, labels, strict=True)] for f in values]
    for condition in _conditions(pool):
        left = best - language.grammar.cost(op) - condition.bits
        sides: list[Found] = []
        for side in (True, False):
            inside = [i for i, v in enumerate(condition.values) if bool(v) == side]
            part = [f for f, fit in zip(values, fits, strict=True) if all(fit[i] for i in inside)]
            found = _side(language, part, labels, inside, clock, below=left)
            if found is None:
                break
            left -= found.bits
            sides.append(found)
        else:
            chosen = _choice(language, condition, sides[0], sides[1], labels)
            best = min(best, chosen.bits + WORSE)
            yield chosen


def _conditions(pool: Pool) -> list[Found]:
    """The cheapest condition for each partition, both of whose sides have samples."""
    cheapest: dict[tuple[bool, ...], Found] = {}
    for found in pool.of("bool"):
        if len(set(found.values)) == 2:
            cheapest.setdefault(found.values, found)
    return list(cheapest.values())[:MOST_CONDITIONS]


def _side(
    language: Language,
    values: Sequence[Found],
    labels: Sequence[str],
    inside: Sequence[int],
    clock: Clock,
    *,
    below: float,
) -> Found | None:
    """The cheapest program for the samples at some places."""

    def chosen(items: Sequence[str]) -> tuple[str, ...]:
        return tuple(items[i] for i in inside)

    part = [Found("str", chosen(f.values), f.bits, f.expr) for f in values]
    return next(rows(language, part, chosen(labels), 1, clock, below=below), None)


def _choice(
    language: Language, condition: Found, yes: Found, no: Found, labels: Sequence[str]
) -> Found:
    op = language.grammar["choice"]
    once = ONCE * sum(len(side.values) == 1 for side in (yes, no))
    bits = language.grammar.cost(op) + condition.bits + yes.bits + no.bits + once
    return Found("label", tuple(labels), bits, Expr(op, (condition.expr, yes.expr, no.expr)))
