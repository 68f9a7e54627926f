"""Numbers that are a weighted sum of a few features: least squares, then simple weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.features import build, candidate

FEATURES = 14
TERMS = 3
LARGEST_DENOMINATOR = 60
CLOSE = 1e-7
"""How far, relative to the largest label, a fit may be off before its weights are rounded."""

Floats = NDArray[np.float64]


class Regression:
    """Solves `a * f + b * g + c * h + d` for the weights, over the bank's first features."""

    name = "regression"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The sums of at most three features that fit, with the roundest weights."""
        for kind in ("float", "int"):
            if kind in bank.target_blocks and bank.fresh(kind).start < FEATURES:
                yield from _fits(bank, kind, clock)


def _fits(bank: Bank, kind: str, clock: Clock) -> Iterator[Candidate]:
    first, last = bank.fresh(kind).start, min(bank.fresh(kind).stop, FEATURES)
    goal = np.asarray(bank.target_blocks[kind], np.float64)[0]
    features = np.asarray(bank.columns[kind].values[:last], np.float64)
    for size in range(1, TERMS + 1):
        for rows in combinations(range(last), size):
            clock.check()
            weights = None if max(rows) < first else _weights(features[list(rows)], goal)
            if weights is not None:
                expr = _expression(bank, kind, rows, weights)
                if expr is not None:
                    yield candidate(bank, expr, Regression.name)


def _weights(features: Floats, goal: Floats) -> Floats | None:
    """The weights and the intercept of an exact fit, or None."""
    design = np.vstack([features, np.ones(len(goal))]).T
    weights, _, rank, _ = np.linalg.lstsq(design, goal, rcond=None)
    exact = np.allclose(design @ weights, goal, rtol=0, atol=CLOSE * max(1, np.abs(goal).max()))
    found: Floats = np.asarray(weights, np.float64)
    return found if exact and rank == design.shape[1] else None


def _expression(bank: Bank, kind: str, rows: Sequence[int], weights: Floats) -> Expr | None:
    denominator, scaled = _simple(weights)
    terms = sorted(zip(scaled[:-1], rows, strict=True), reverse=True)
    total: Expr | None = None
    for weight, row in terms:
        total = _plus(bank, kind, total, weight, bank.expr(kind, row))
        if total is None:
            return None
    total = _shifted(bank, kind, total, scaled[-1])
    if total is None or denominator == 1:
        return total
    return build(bank, "float / c" if kind == "float" else "div", total, ("modulus", denominator))


def _simple(weights: Floats) -> tuple[int, list[float]]:
    """A denominator and weights over it that are short: whole numbers, or else few digits."""
    for denominator in range(1, LARGEST_DENOMINATOR + 1):
        short = [float(f"{w * denominator:.6g}") for w in weights]
        digits = max(len(f"{abs(w):.6g}".replace(".", "").strip("0")) for w in short)
        close = np.allclose(short, weights * denominator, rtol=1e-6, atol=CLOSE)
        if close and digits <= 4:
            return denominator, [0.0 if abs(w) < CLOSE else w for w in short]
    return 1, [0.0 if abs(w) < CLOSE else float(f"{w:.12g}") for w in weights]


def _plus(bank: Bank, kind: str, total: Expr | None, weight: float, feature: Expr) -> Expr | None:
    """The sum and one more term; the largest weight comes first."""
    if not weight:
        return total
    sign = "-" if total is not None and weight < 0 else "+"
    term = _times(bank, kind, abs(weight) if total is not None else weight, feature)
    if total is None or term is None:
        return term
    return build(bank, sign if kind == "int" else f"float {sign}", total, term)


def _times(bank: Bank, kind: str, weight: float, feature: Expr) -> Expr | None:
    if weight == 1:
        return feature
    if kind == "float":
        return build(bank, "float * c", feature, ("real", float(weight)))
    whole = weight == int(weight) and weight > 1
    return build(bank, "* c", feature, ("modulus", int(weight))) if whole else None


def _shifted(bank: Bank, kind: str, total: Expr | None, by: float) -> Expr | None:
    if total is None or not by:
        return total
    sign = "+" if by > 0 else "-"
    if kind == "float":
        return build(bank, f"float {sign} c", total, ("real", abs(by)))
    whole = by == int(by)
    return build(bank, f"{sign} c", total, ("place", abs(int(by)))) if whole else None
