"""Values that expressions over the inputs take on a few samples, the cheapest expression each."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr, op_function
from llmerm.search.op import Op
from llmerm.search.solvers.transform.language import Hints, Language

MOST_CHARACTERS = 2000
PARTNERS = 12
"""Operators on two values take the second from the first few of its type."""

function_of = cache(op_function)


@dataclass(frozen=True, slots=True)
class Found:
    """What an expression gives for each sample, and its bits."""

    kind: str
    values: tuple[Any, ...]
    bits: float
    expr: Expr


@dataclass
class Pool:
    """The values of a language's expressions over samples, found cheapest first.

    Attributes:
        language: what expressions are made of.
        columns: the values of each leaf on the samples.
        hints: the constants to try.
    """

    language: Language
    columns: Sequence[tuple[Any, ...]]
    hints: Hints
    evaluated: int = 0
    _found: dict[tuple[str, tuple[Any, ...]], Found] = field(default_factory=dict)
    _queue: list[tuple[float, int, Found]] = field(default_factory=list)
    _partners: dict[str, list[Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for leaf, column in zip(self.language.leaves, self.columns, strict=True):
            self._add(Found(leaf.op.ret, column, self.language.cost(leaf.op.name), leaf))
        ops = self.language.grammar.ops
        kinds = {op.args[0] for op in ops if op.args}
        self._ops = {kind: [op for op in ops if op.args[:1] == (kind,)] for kind in kinds}

    def of(self, kind: str) -> list[Found]:
        """The values of a type, cheapest first."""
        return sorted((f for f in self._found.values() if f.kind == kind), key=lambda f: f.bits)

    def get(self, kind: str, values: tuple[Any, ...]) -> Found | None:
        """The cheapest expression with these values."""
        return self._found.get((kind, values))

    def grow(self, evaluations: int, clock: Clock) -> bool:
        """Apply operators to the cheapest values, up to so many evaluations; False at the end."""
        limit = self.evaluated + evaluations
        while self._queue and self.evaluated < limit:
            if clock.over:
                return False
            found = heapq.heappop(self._queue)[2]
            key = (found.kind, _frozen(found.values))
            if self._found[key] is found:
                self._expand(found)
        return bool(self._queue)

    def _expand(self, found: Found) -> None:
        partners = self._partners.setdefault(found.kind, [])
        if len(partners) < PARTNERS:
            partners.append(found)
        shown = "\n".join(map(str, found.values))
        for op in self._ops.get(found.kind, ()):
            if op.ret != "label":
                for rest in self._rests(op, shown):
                    self._apply(op, found, rest)

    def _rests(self, op: Op, shown: str) -> Iterator[Sequence[tuple[Expr, float, Any]]]:
        """What the other arguments may be: expression, bits and values (None for a constant)."""
        choices: list[list[tuple[Expr, float, Any]]] = []
        for kind in op.args[1:]:
            if kind in self.language.grammar.literals:
                literals = self.hints.literals(kind, shown)
                choices.append([(*self.language.literal(kind, v), (v, None)) for v in literals])
            else:
                partners = self._partners.get(kind, ())
                choices.append([(p.expr, p.bits, (None, p.values)) for p in partners])
        return product(*choices)

    def _apply(self, op: Op, found: Found, rest: Sequence[tuple[Expr, float, Any]]) -> None:
        self.evaluated += 1
        values = _applied(function_of(op), found.values, [item[2] for item in rest])
        if values is None:
            return
        bits = found.bits + self.language.grammar.cost(op) + sum(item[1] for item in rest)
        old = self._found.get((op.ret, _frozen(values)))
        if old is None or bits < old.bits:
            self._add(Found(op.ret, values, bits, Expr(op, (found.expr, *(i[0] for i in rest)))))

    def _add(self, found: Found) -> None:
        self._found[found.kind, _frozen(found.values)] = found
        heapq.heappush(self._queue, (found.bits, len(self._queue) + self.evaluated, found))


def _applied(
    call: Callable[..., Any], values: tuple[Any, ...], rest: Sequence[tuple[Any, Any]]
) -> tuple[Any, ...] | None:
    """The call on each sample; None if it raises on one, is empty on all, or grows too long."""
    columns = [column or [constant] * len(values) for constant, column in rest]
    try:
        found = tuple([call(*given) for given in zip(values, *columns, strict=True)])
    except Exception:  # whatever an operator's source may raise: it has no value here
        return None
    if isinstance(found[0], (str, list)):
        return found if any(found) and sum(map(len, found)) < MOST_CHARACTERS else None
    return found


def _frozen(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(map(tuple, values)) if values and isinstance(values[0], list) else values
