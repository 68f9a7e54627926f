"""Predicates of one number, such as primality, of a feature plus or minus a constant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr, op_function
from llmerm.search.op import Op
from llmerm.search.solvers.features import build, candidate, values
from llmerm.search.values import Mask

LARGEST_SHIFT = 255
FEATURES = 12


class Shifts:
    """Solves `p(f + c)` and `p(f - c)` for the constant, for each predicate p of the grammar."""

    name = "shifts"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shifted predicates of the bank's first numbers; most fail on the first samples."""
        truth = bank.whole.truth
        if truth is None:
            return
        for op in bank.grammar.ops:
            if op.ret == "bool" and op.args in (("int",), ("big",)):
                yield from _shifted(bank, samples, clock, op, truth)


def _shifted(
    bank: Bank, samples: Samples, clock: Clock, op: Op, truth: Mask
) -> Iterator[Candidate]:
    rows = bank.fresh(op.args[0])
    for row in range(rows.start, min(rows.stop, FEATURES)):
        feature = bank.expr(op.args[0], row)
        numbers = values(feature, samples)
        if numbers is not None:
            for shift in _shifts(op_function(op), numbers, truth, clock):
                expr = _expression(bank, op, feature, shift)
                if expr is not None:
                    yield candidate(bank, expr, Shifts.name)


def _shifts(
    call: Callable[[int], bool], numbers: list[int], truth: Mask, clock: Clock
) -> Iterator[int]:
    """The shifts, nearest to 0 first, by which the predicate tells the classes apart."""
    pairs = sorted(zip(numbers, truth.tolist(), strict=True), key=lambda pair: not pair[1])
    for shift in chain.from_iterable((c, -c) for c in range(1, LARGEST_SHIFT + 1)):
        clock.check()
        if all(call(z + shift) == wanted for z, wanted in pairs):
            yield shift


def _expression(bank: Bank, op: Op, feature: Expr, shift: int) -> Expr | None:
    prefix = "big " if op.args == ("big",) else ""
    name = f"{prefix}{'+' if shift > 0 else '-'} c"
    moved = build(bank, name, feature, ("place", abs(shift)))
    return moved and Expr(op, (moved,))
