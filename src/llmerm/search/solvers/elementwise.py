"""Lists whose items follow from the items of another: maps and filters, by a search within.

What happens to one item is a problem of its own, with as many samples as there are items: it is
handed to another search, over numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.engine import Enumerator
from llmerm.search.expression import Expr
from llmerm.search.goal import Goal
from llmerm.search.grammar import Grammar
from llmerm.search.op import Op
from llmerm.search.solvers.base import Solver
from llmerm.search.solvers.views import Pairs, View, context, posed, sources

CHECKS_ALONE, CHECKS_TOGETHER = 1500, 300
"""How often the search within looks at its clock, which here counts: no load disturbs it."""

VIEW_BITS = 1.0
"""What it costs to say whether an item is seen alone."""

MOST_POSED = 12
"""So many of the views with a context are searched."""

_NUMBER = Op("number", "int", ("bool",), "int({0})")


class Elementwise:
    """Solves `[f(v) for v in s]` and `[v for v in s if f(v)]` for f, also of places or a summary.

    Args:
        inner: the solvers of the search for f.
    """

    name = "elementwise"

    def __init__(self, inner: tuple[Solver, ...] = ()) -> None:
        self._inner = inner

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shortest functions of an item that give all labels, for the bank's first lists."""
        if "ints" not in bank.target_blocks or "map each" not in bank.grammar:
            return
        left = MOST_POSED
        for source, views, more in sources(bank, samples):
            problems = ((view, posed(view, samples.outputs)) for view in views)
            worth = ((view, pairs) for view, pairs in problems if pairs)
            for view, pairs in islice(worth, left if more else 1):
                clock.check()
                left -= more
                yield from self._candidates(bank, source, view, pairs, clock)

    def _candidates(
        self, bank: Bank, source: Expr, view: View, pairs: Pairs, clock: Clock
    ) -> Iterator[Candidate]:
        op = bank.grammar[view.name]
        alone = not isinstance(pairs[0][0], tuple)
        checks = CHECKS_ALONE if alone else CHECKS_TOGETHER
        for found in self._solved(pairs, checks, clock):
            parts = (source, *context(view), *view.beside)
            bits = VIEW_BITS + bank.grammar.cost(op) + sum(map(bank.grammar.bits, parts))
            answer = _answer(found.expr, pairs, number=view.same_lengths)
            body = _replaced(answer, view.leaves)
            expr = Expr(op, (source, body, *view.beside))
            yield Candidate(expr, bits + found.bits, self.name)

    def _solved(self, pairs: Pairs, most: int, clock: Clock) -> list[Candidate]:
        search = Samples.of(pairs)
        checks = iter(range(1, 10**9))

        def count() -> float:
            clock.check()
            return float(next(checks))

        inner = Enumerator(
            Grammar.infer(search),
            search,
            solvers=self._inner,
            max_bytes=64 << 20,
            clock=Clock(most, now=count),
        )
        return list(islice(inner.candidates(), 1))


def _answer(expr: Expr, pairs: Pairs, *, number: bool) -> Expr:
    """The expression with the labels as values; a truth value will do for a filter."""
    answer = Goal.of([after for _, after in pairs]).answer(expr)
    return Expr(_NUMBER, (answer,)) if number and answer.op.ret == "bool" else answer


def _replaced(expr: Expr, leaves: Mapping[str, Expr]) -> Expr:
    """The expression with what its inputs stand for."""
    if not expr.args:
        return leaves.get(expr.op.source, expr)
    return Expr(expr.op, tuple(_replaced(arg, leaves) for arg in expr.args), expr.value)
