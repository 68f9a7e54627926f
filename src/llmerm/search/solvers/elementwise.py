"""Lists whose items follow from the items of another: maps and filters, by a search within.

What happens to one item is a problem of its own, with as many samples as there are items: it is
handed to another search, over numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeAlias

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.engine import Enumerator
from llmerm.search.expression import Expr
from llmerm.search.goal import Goal
from llmerm.search.grammar import UNIT, Grammar
from llmerm.search.op import Op
from llmerm.search.solvers.base import Solver
from llmerm.search.solvers.features import values

SOURCES = 12
"""So many of the bank's first lists are looked at, item by item."""

CONTEXT_SOURCES, CONTEXTS, CONTEXT_BITS = 2, 16, 8
"""With a number of the whole input beside each item: so many of both, once, at so many bits."""

MOST_PAIRS, LEAST_PAIRS = 240, 8
MOST_CHECKS = 1500
"""How often the search within looks at its clock, which here counts: no load disturbs it."""


Pairs: TypeAlias = list[tuple[Any, Any]]
"""What one item is, alone or as (item, number), and what becomes of it."""


@dataclass(frozen=True)
class View:
    """How the items of a list are seen, and where the parts of it stand in the printed program.

    Attributes:
        maps, filters: the names of the operators that print it.
        items: for each sample, what is seen of each item.
        leaves: what the inputs of the search within stand for.
        same_lengths: whether the labels are as long as the lists.
    """

    maps: str
    filters: str
    items: Sequence[Sequence[Any]]
    leaves: Mapping[str, Expr]
    same_lengths: bool = True


_V, _I = Expr(Op("v", "int", (), "v")), Expr(Op("i", "int", (), "i"))
_NUMBER = Op("number", "int", ("bool",), "int({0})")


@dataclass(frozen=True)
class Elementwise:
    """Solves `[f(v) for v in s]` and `[v for v in s if f(v)]` for f, also of places or a summary.

    Args:
        inner: the solvers of the search for f.
    """

    inner: tuple[Solver, ...] = field(default=())
    name: str = field(default="elementwise", init=False)

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shortest functions of an item that give all labels, for the bank's first lists."""
        if "ints" not in bank.target_blocks or "map each" not in bank.grammar:
            return
        for source, views, known in _sources(bank, samples):
            problems = ((view, posed(view, samples.outputs)) for view in views)
            first = next(((view, pairs) for view, pairs in problems if pairs), None)
            if first and not (known and not any(_context(first[0]))):
                yield from self._candidates(bank, source, *first, clock)

    def _candidates(
        self, bank: Bank, source: Expr, view: View, pairs: Pairs, clock: Clock
    ) -> Iterator[Candidate]:
        op = bank.grammar[view.maps if view.same_lengths else view.filters]
        for found in self._solved(pairs, clock):
            context = sum(map(bank.grammar.bits, _context(view)))
            bits = bank.grammar.cost(op) + bank.grammar.bits(source) + context + found.bits
            answer = _answer(found.expr, pairs, number=view.same_lengths)
            body = _replaced(answer, view.leaves)
            yield Candidate(Expr(op, (source, body)), bits, self.name)

    def _solved(self, pairs: Pairs, clock: Clock) -> list[Candidate]:
        search = Samples.of(pairs)
        checks = iter(range(1, 10**9))

        def count() -> float:
            clock.check()
            return float(next(checks))

        inner = Enumerator(
            Grammar.infer(search),
            search,
            solvers=self.inner,
            max_bytes=64 << 20,
            clock=Clock(MOST_CHECKS, now=count),
        )
        return list(islice(inner.candidates(), 1))


def _sources(bank: Bank, samples: Samples) -> Iterator[tuple[Expr, Iterator[View], bool]]:
    """The new lists; later the first ones again, with numbers of the whole input."""
    fresh = bank.fresh("ints")
    rows = range(fresh.start, min(fresh.stop, SOURCES))
    again = range(CONTEXT_SOURCES if bank.unit == CONTEXT_BITS * UNIT else 0)
    for row in (*rows, *again):
        source = bank.expr("ints", row)
        items = values(source, samples)
        if items is not None:
            same = all(len(x) == len(y) for x, y in zip(items, samples.outputs, strict=True))
            views = _views(bank, samples, items, context=row in again)
            yield source, (replace(view, same_lengths=same) for view in views), row in again


def _views(
    bank: Bank, samples: Samples, items: Sequence[Sequence[int]], *, context: bool
) -> Iterator[View]:
    """The items alone, with their places, and with a number of the whole input each."""
    yield View("map each", "filter each", items, {"x": _V})
    placed = [[(v, i) for i, v in enumerate(x)] for x in items]
    yield View("map each in place", "filter each in place", placed, {"x[0]": _V, "x[1]": _I})
    for row in range(min(CONTEXTS, bank.columns["int"].count) if context else 0):
        number = bank.expr("int", row)
        found = values(number, samples)
        if found is not None:
            beside = [[(v, n) for v in x] for x, n in zip(items, found, strict=True)]
            yield View("map each", "filter each", beside, {"x[0]": _V, "x[1]": number})


def _context(view: View) -> Iterator[Expr]:
    """The number of the whole input that a view shows, if it does."""
    return (leaf for leaf in view.leaves.values() if leaf not in (_V, _I))


def posed(view: View, outputs: Sequence[Any]) -> Pairs:
    """What becomes of each item, if that follows from what is seen of it; else nothing."""
    seen = (_mapped if view.same_lengths else _filtered)(view.items, outputs)
    table = dict(seen)
    alone = not isinstance(next(iter(table), None), tuple)
    enough = len(table) >= LEAST_PAIRS and (alone or len(seen) >= len(table) + LEAST_PAIRS)
    follows = all(table[item] == after for item, after in seen)
    worth = enough and follows and len(set(table.values())) > 1
    return list(table.items())[:MOST_PAIRS] if worth else []


def _mapped(items: Sequence[Sequence[Any]], outputs: Sequence[Any]) -> Pairs:
    both = zip(items, outputs, strict=True)
    return [pair for x, y in both for pair in zip(x, y, strict=True)]


def _filtered(items: Sequence[Sequence[Any]], outputs: Sequence[Any]) -> Pairs:
    """1 for an item that is kept, if that is always so, else 0."""
    kept = {item for x, y in zip(items, outputs, strict=True) for item in x if _value(item) in y}
    for x, y in zip(items, outputs, strict=True):
        if [_value(item) for item in x if item in kept] != y:
            return []
    return [(item, int(item in kept)) for x in items for item in x]


def _value(item: Any) -> Any:  # noqa: ANN401  (an item, alone or with a number)
    return item[0] if isinstance(item, tuple) else item


def _answer(expr: Expr, pairs: Pairs, *, number: bool) -> Expr:
    """The expression with the labels as values; a truth value will do for a filter."""
    answer = Goal.of([after for _, after in pairs]).answer(expr)
    return Expr(_NUMBER, (answer,)) if number and answer.op.ret == "bool" else answer


def _replaced(expr: Expr, leaves: Mapping[str, Expr]) -> Expr:
    """The expression with what its inputs stand for."""
    if not expr.args:
        return leaves.get(expr.op.source, expr)
    return Expr(expr.op, tuple(_replaced(arg, leaves) for arg in expr.args), expr.value)
