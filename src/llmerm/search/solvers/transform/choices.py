"""Programs that choose between two: a condition that parts the samples, and one for each side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.transform.concat import rows
from llmerm.search.solvers.transform.language import Language
from llmerm.search.solvers.transform.pool import Found, Pool

MOST_CONDITIONS = 24


def choices(
    language: Language, pool: Pool, values: Sequence[Found], labels: Sequence[str], clock: Clock
) -> Iterator[Found]:
    """`a if condition else b` for the cheapest condition of each way to part the samples."""
    for condition in _conditions(pool):
        sides = [
            _side(language, values, labels, [bool(v) == side for v in condition.values], clock)
            for side in (True, False)
        ]
        if sides[0] is not None and sides[1] is not None:
            yield _choice(language, condition, sides[0], sides[1], labels)


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
    inside: Sequence[bool],
    clock: Clock,
) -> Found | None:
    def chosen(items: Sequence[str]) -> tuple[str, ...]:
        return tuple(item for item, here in zip(items, inside, strict=True) if here)

    part = [Found("str", chosen(f.values), f.bits, f.expr) for f in values]
    return next(rows(language, part, chosen(labels), 1, clock), None)


def _choice(
    language: Language, condition: Found, yes: Found, no: Found, labels: Sequence[str]
) -> Found:
    op = language.grammar["choice"]
    bits = language.grammar.cost(op) + condition.bits + yes.bits + no.bits
    return Found("label", tuple(labels), bits, Expr(op, (condition.expr, yes.expr, no.expr)))
