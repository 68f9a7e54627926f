"""Numeric features whose values tell the classes apart by an order, an interval or one value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
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


PARTS = 4
"""A gap between the classes is cut in so many parts, to take a number from each."""

OTHER_BITS = 1.0
"""What it costs to say that a cut is not the likeliest one in its gap."""


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
    """The likeliest comparison, then those with other cuts that fit: held-out samples may tell."""
    found = values(feature, samples)
    if found is None:
        return
    exprs = _comparisons(bank, kind, feature, *sides(found, bank))
    priced = [candidate(bank, expr, Thresholds.name) for expr in exprs if expr is not None]
    for place, one in enumerate(priced):
        behind = priced[0].bits + OTHER_BITS if place else 0.0
        yield replace(one, bits=max(one.bits, behind))


def _comparisons(
    bank: Bank, kind: str, feature: Expr, negative: list[Any], positive: list[Any]
) -> Iterator[Expr | None]:
    prefix, literal = NAMES[kind]
    family = bank.grammar.literals[literal]
    assert isinstance(family, Decimals)
    if max(negative) < min(positive):
        for cut in cuts(family, *_above(family, max(negative), min(positive))):
            yield build(bank, f"{prefix}> c", feature, (literal, cut))
    elif max(positive) < min(negative):
        for cut in cuts(family, *_below(max(positive), min(negative))):
            yield build(bank, f"{prefix}< c", feature, (literal, cut))
    elif not any(min(positive) <= v <= max(positive) for v in negative):
        yield from _intervals(bank, kind, feature, negative, positive)
    elif not any(min(negative) <= v <= max(negative) for v in positive):
        for inside in _intervals(bank, kind, feature, positive, negative, equal="!= c"):
            negate = inside is not None and inside.op.name.endswith("between")
            yield build(bank, "not", inside) if inside is not None and negate else inside


def _intervals(
    bank: Bank,
    kind: str,
    feature: Expr,
    outer: list[Any],
    inner: list[Any],
    *,
    equal: str = "== c",
) -> Iterator[Expr | None]:
    prefix, literal = NAMES[kind]
    if len(set(inner)) == 1 and kind == "int":
        yield build(bank, equal, feature, (literal, inner[0]))
        return
    family = bank.grammar.literals[literal]
    assert isinstance(family, Decimals)
    before = max((v for v in outer if v < min(inner)), default=-np.inf)
    after = min((v for v in outer if v > max(inner)), default=np.inf)
    lows = cuts(family, *_below(before, min(inner)))
    highs = cuts(family, *_above(family, max(inner), after))
    pairs = [(low, high) for low in lows[:1] for high in highs]
    for low, high in [*pairs, *((low, high) for low in lows[1:] for high in highs[:1])]:
        yield build(bank, f"{prefix}between", (literal, low), feature, (literal, high))


def above(family: Decimals, low: float, high: float) -> float | None:
    """The roundest c with low <= c < high."""
    return _central(family, *_above(family, low, high))


def below(family: Decimals, low: float, high: float) -> float | None:
    """The roundest c with low < c <= high."""
    return _central(family, *_below(low, high))


def _above(family: Decimals, low: float, high: float) -> tuple[float, float]:
    """The c with low <= c < high as a range (a, b]."""
    if not np.isfinite(high):
        high = low + max(1, abs(low))
    return (low - 1, high - 1) if family.whole else (low, float(np.nextafter(high, -np.inf)))


def _below(low: float, high: float) -> tuple[float, float]:
    """The same for low < c <= high."""
    return (low if np.isfinite(low) else high - max(1, abs(high))), high


def cuts(family: Decimals, low: float, high: float) -> list[float]:
    """Up to six c with low < c <= high: the likeliest, the roundest, the roundest of each part.

    All fit the samples, and which is the rule's only further samples can tell.

    >>> cuts(Decimals(), 16, 22)
    [20, 17, 18, 21]
    """
    edges = np.linspace(low, high, PARTS + 1).tolist()
    parts = [family.cheapest(a, b) for a, b in pairwise(edges)]
    found = [_central(family, low, high), family.cheapest(low, high), *parts]
    return list(dict.fromkeys(c for c in found if c is not None))


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
