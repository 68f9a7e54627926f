"""Numeric features whose values tell the classes apart by an order, an interval or one value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.literals import Decimals
from llmerm.search.solvers.features import build, candidate, sides, values
from llmerm.search.values import Array, Mask

NAMES = {"int": ("", "cut"), "float": ("float ", "real")}
"""How the operators of each type are called, and the type of their constants."""

ROUND_BITS = 2.0
"""A number at the end of a gap is taken for one in its middle if it is shorter by so much."""


class Thresholds:
    """Solves `f > c`, `f < c`, `a <= f <= b`, `f == c` and `f != c` for the constants."""

    name = "thresholds"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The comparisons of the new numeric rows with fitted constants, roundest first."""
        if bank.goal.truth is None:
            return
        for kind in NAMES:
            if kind in bank.columns:
                for row in _promising(bank, kind):
                    clock.check()
                    yield from _fitted(bank, samples, kind, bank.expr(kind, row))


def _promising(bank: Bank, kind: str) -> Iterator[int]:
    """The new rows in which the values of one class lie in a range free of the other's."""
    rows, truth = bank.fresh(kind), bank.goal.truth
    block = bank.columns[kind].values[rows]
    assert isinstance(block, np.ndarray)
    assert truth is not None
    good = _apart(block[:, truth], block[:, ~truth]) | _apart(block[:, ~truth], block[:, truth])
    for place in np.nonzero(good)[0]:
        yield rows.start + int(place)


def _apart(inner: Array, outer: Array) -> Mask:
    low, high = inner.min(1, keepdims=True), inner.max(1, keepdims=True)
    apart: Mask = ~((low <= outer) & (outer <= high)).any(1)
    return apart


def _fitted(bank: Bank, samples: Samples, kind: str, feature: Expr) -> Iterator[Candidate]:
    found = values(feature, samples)
    if found is None:
        return
    for expr in _comparisons(bank, kind, feature, *sides(found, bank)):
        if expr is not None:
            yield candidate(bank, expr, Thresholds.name)


def _comparisons(
    bank: Bank, kind: str, feature: Expr, negative: list[Any], positive: list[Any]
) -> Iterator[Expr | None]:
    prefix, literal = NAMES[kind]
    family = bank.grammar.literals[literal]
    assert isinstance(family, Decimals)
    if max(negative) < min(positive):
        cut = above(family, max(negative), min(positive))
        yield None if cut is None else build(bank, f"{prefix}> c", feature, (literal, cut))
    elif max(positive) < min(negative):
        cut = below(family, max(positive), min(negative))
        yield None if cut is None else build(bank, f"{prefix}< c", feature, (literal, cut))
    elif not any(min(positive) <= v <= max(positive) for v in negative):
        yield _interval(bank, kind, feature, negative, positive)
    elif not any(min(negative) <= v <= max(negative) for v in positive):
        inside = _interval(bank, kind, feature, positive, negative, equal="!= c")
        negate = inside is not None and inside.op.name.endswith("between")
        yield build(bank, "not", inside) if inside is not None and negate else inside


def _interval(
    bank: Bank,
    kind: str,
    feature: Expr,
    outer: list[Any],
    inner: list[Any],
    *,
    equal: str = "== c",
) -> Expr | None:
    prefix, literal = NAMES[kind]
    if len(set(inner)) == 1 and kind == "int":
        return build(bank, equal, feature, (literal, inner[0]))
    family = bank.grammar.literals[literal]
    assert isinstance(family, Decimals)
    low = below(family, max((v for v in outer if v < min(inner)), default=-np.inf), min(inner))
    high = above(family, max(inner), min((v for v in outer if v > max(inner)), default=np.inf))
    if low is None or high is None:
        return None
    return build(bank, f"{prefix}between", (literal, low), feature, (literal, high))


def above(family: Decimals, low: float, high: float) -> float | None:
    """The roundest c with low <= c < high."""
    if not np.isfinite(high):
        high = low + max(1, abs(low))
    if family.whole:
        return _central(family, low - 1, high - 1)
    return _central(family, low, float(np.nextafter(high, -np.inf)))


def below(family: Decimals, low: float, high: float) -> float | None:
    """The roundest c with low < c <= high."""
    return _central(family, low if np.isfinite(low) else high - max(1, abs(high)), high)


def _central(family: Decimals, low: float, high: float) -> float | None:
    """The roundest c in the middle half of (low, high], or a much rounder one in all of it.

    Any c there fits the samples; the true one is more likely away from the ends, but of two
    numbers the round one is more likely by the bits that it is shorter.
    """
    quarter = (high - low) / 4
    central, any_ = family.cheapest(low + quarter, high - quarter), family.cheapest(low, high)
    if central is None or any_ is None:
        return any_
    return any_ if family.bits(any_) + ROUND_BITS <= family.bits(central) else central
