"""What several solvers need: the values of a bank's row on all training samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.expression import Expr, function


def values(expr: Expr, samples: Samples) -> list[Any] | None:
    """The expression's value for each sample, or None if it has none for one of them."""
    call = function(expr)
    try:
        return [call(x) for x in samples.inputs]
    except Exception:  # whatever an operator's source may raise
        return None


def sides(found: list[Any], bank: Bank) -> tuple[list[Any], list[Any]]:
    """The values of the negative and of the positive samples."""
    truth = bank.whole.truth
    assert truth is not None
    negative = [v for v, t in zip(found, truth, strict=True) if not t]
    return negative, [v for v, t in zip(found, truth, strict=True) if t]


def new_texts(bank: Bank, most: int) -> Iterator[Expr]:
    """The string expressions that the last level added, of the first `most` of the bank."""
    if "str" in bank.columns:
        rows = bank.fresh("str")
        for row in range(rows.start, min(rows.stop, most)):
            yield bank.expr("str", row)


def strings(expr: Expr, samples: Samples) -> list[str] | None:
    """The values of a string expression for each sample."""
    return values(expr, samples)


def candidate(bank: Bank, expr: Expr, origin: str) -> Candidate:
    """The expression as a candidate, priced by the bank's grammar."""
    return Candidate(expr, bank.grammar.bits(expr), origin)


def build(bank: Bank, name: str, *args: Expr | tuple[str, object]) -> Expr | None:
    """The operator called `name` applied to expressions and literals, given as (type, value).

    None if the grammar has no such operator.
    """
    if name not in bank.grammar:
        return None
    parts = [a if isinstance(a, Expr) else bank.grammar.literal(*a) for a in args]
    return Expr(bank.grammar[name], tuple(parts))


def opposite(bank: Bank, expr: Expr, *, yes: bool) -> Expr | None:
    """The truth value itself, or its negation."""
    return expr if yes else build(bank, "not", expr)
