"""Values that expressions over the inputs take on a few samples, the cheapest expression each."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count, product
from typing import Any

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr, fill, namespace
from llmerm.search.op import Op
from llmerm.search.solvers.transform.language import Hints, Language
from llmerm.search.solvers.transform.places import CUTS, surcharge

MOST_CHARACTERS = 2000
PARTNERS = 8
LEAVES = 4
"""Operators on three values take them from the very first."""

CLOCK_READS = 128
"""The clock is read once in so many evaluations."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an expression gives for each sample, and its bits."""

    kind: str
    values: tuple[Any, ...]
    bits: float
    expr: Expr


@dataclass(frozen=True, slots=True)
class Step:
    """An operator with its other arguments: expressions, and a constant or a column for each."""

    bits: float
    op: Op
    rest: tuple[Expr, ...] = ()
    given: tuple[Any, ...] = ()
    columns: tuple[bool, ...] = ()


Waiting = tuple[float, int, Found, Sequence[Step], int]
"""A value and the steps to try on it, from a place on; at first the bits of the next result."""


@dataclass
class Pool:
    """The values of a language's expressions over samples, found in the order of their bits.

    Attributes:
        language: what expressions are made of.
        columns: the values of each leaf on the samples.
        hints: the constants to try.
        partners: operators on two values take both from the first so many of their types.
    """

    language: Language
    columns: Sequence[tuple[Any, ...]]
    hints: Hints
    partners: int = PARTNERS
    evaluated: int = 0
    _found: dict[tuple[str, tuple[Any, ...]], Found] = field(default_factory=dict)
    _kinds: dict[str, list[Found]] = field(default_factory=dict)
    _heap: list[Waiting] = field(default_factory=list)
    _steps: dict[tuple[str, str | None, bool], list[Step]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._serial = count()
        for leaf, column in zip(self.language.leaves, self.columns, strict=True):
            self._add(Found(leaf.op.ret, column, self.language.cost(leaf.op.name), leaf))

    @property
    def reached(self) -> float:
        """All values of fewer bits were found, as far as the hints go."""
        return self._heap[0][0] if self._heap else float("inf")

    def of(self, kind: str) -> list[Found]:
        """The values of a type, cheapest first."""
        return sorted(self._kinds.get(kind, ()), key=lambda f: f.bits)

    def grow(self, evaluations: int, clock: Clock) -> bool:
        """Take the cheapest steps, up to so many evaluations; False at the end."""
        limit = self.evaluated + evaluations
        while self._heap and self.evaluated < limit:
            if self.evaluated % CLOCK_READS == 0 and clock.over:
                return False
            _, serial, found, steps, place = heapq.heappop(self._heap)
            if place + 1 < len(steps):
                bits = found.bits + steps[place + 1].bits
                heapq.heappush(self._heap, (bits, serial, found, steps, place + 1))
            self._take(found, steps[place])
        return bool(self._heap)

    def _take(self, found: Found, step: Step) -> None:
        self.evaluated += 1
        try:
            values = _column_function(step.op, step.columns)(found.values, *step.given)
        except Exception:  # whatever an operator's source may raise: it has no value here
            return
        if step.op.ret in ("str", "strs") and not _fits(values):
            return
        if (step.op.ret, _frozen(values)) in self._found:
            return
        more = surcharge(step.op.name, step.given, found.values)
        expr = Expr(step.op, (found.expr, *step.rest))
        self._add(Found(step.op.ret, tuple(values), found.bits + step.bits + more, expr))

    def _add(self, found: Found) -> None:
        self._found[found.kind, _frozen(found.values)] = found
        same = self._kinds.setdefault(found.kind, [])
        same.append(found)
        for separator in (None, *self._shown(found)):
            self._wait(found, self._alone(found, separator))
        if len(same) <= self.partners:
            self._pair(found, same)

    def _wait(self, found: Found, steps: Sequence[Step]) -> None:
        if steps:
            bits = found.bits + steps[0].bits
            heapq.heappush(self._heap, (bits, next(self._serial), found, steps, 0))

    def _alone(self, found: Found, separator: str | None) -> list[Step]:
        """The steps with constants that cut at a separator, or at none, cheapest first."""
        cut = found.expr.op.name in CUTS
        key = (found.kind, separator, cut)
        steps = self._steps.get(key)
        if steps is None:
            ops = [op for op in self._ops(found.kind) if not (cut and op.name in CUTS)]
            ops = [op for op in ops if ("sep" in op.args) == (separator is not None)]
            steps = [s for op in ops for s in self._with_constants(op, separator)]
            steps.sort(key=lambda step: step.bits)
            self._steps[key] = steps
        return steps

    def _shown(self, found: Found) -> list[str]:
        """The separators that are in a text, or in a list of texts."""
        if found.kind not in ("str", "strs"):
            return []
        parts = found.values if found.kind == "str" else map("\n".join, found.values)
        text = "\n".join(parts)
        return [s for s in self.hints.separators if s in text]

    def _ops(self, kind: str) -> list[Op]:
        ops = self.language.grammar.ops
        return [op for op in ops if op.args[:1] == (kind,) and op.ret != "label"]

    def _with_constants(self, op: Op, separator: str | None) -> Iterator[Step]:
        if not all(kind in self.language.grammar.literals for kind in op.args[1:]):
            return
        for constants in product(*(self.hints.literals(kind, separator) for kind in op.args[1:])):
            pairs = zip(op.args[1:], constants, strict=True)
            literals = [self.language.literal(kind, value) for kind, value in pairs]
            bits = self.language.grammar.cost(op) + sum(cost for _, cost in literals)
            exprs = tuple(expr for expr, _ in literals)
            yield Step(bits, op, exprs, constants, (False,) * len(constants))

    def _pair(self, found: Found, same: Sequence[Found]) -> None:
        """Let the operators on two values work on this one and the first few others."""
        for op in self.language.grammar.ops:
            kinds = op.args
            if len(kinds) < 2 or op.ret == "label" or found.kind not in kinds:
                continue
            most = self.partners if len(kinds) == 2 else LEAVES
            for group in product(*(self._kinds.get(kind, ())[:most] for kind in kinds)):
                if any(one is found for one in group):
                    self._wait(group[0], [self._with_values(op, group[1:])])

    def _with_values(self, op: Op, others: Sequence[Found]) -> Step:
        bits = self.language.grammar.cost(op) + sum(other.bits for other in others)
        exprs = tuple(other.expr for other in others)
        values = tuple(other.values for other in others)
        return Step(bits, op, exprs, values, (True,) * len(others))


@cache
def _column_function(op: Op, columns: tuple[bool, ...]) -> Callable[..., list[Any]]:
    """The operator over whole columns; an argument is a column too, or one constant for all."""
    names = [f"a{i}" for i in range(len(op.args))]
    many = [names[0], *(n for n, column in zip(names[1:], columns, strict=True) if column)]
    body = fill(op.source, names)
    loops = f"for {many[0]} in {many[0]}_"
    if len(many) > 1:
        loops = f"for {', '.join(many)} in zip({', '.join(n + '_' for n in many)})"
    heads = [n + "_" if n in many else n for n in names]
    compiled: Callable[..., list[Any]] = eval(
        f"lambda {', '.join(heads)}: [{body} {loops}]", namespace(Expr(op))
    )
    return compiled


def _fits(values: Sequence[Any]) -> bool:
    """True for texts or lists that are not empty on all samples, nor too long."""
    return any(values) and sum(map(len, values)) < MOST_CHARACTERS


def _frozen(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(map(tuple, values)) if values and isinstance(values[0], list) else tuple(values)
