"""The grammar as data: operators, literals, and the probability of every expression.

A program's prior probability is the product of its productions' probabilities; each type's
productions sum to at most 1, so the programs' probabilities do too (Kraft's inequality), and
-log2 of it is a description length in bits in which the labels' values have no part.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.search.expression import Expr
from llmerm.search.infer import choose
from llmerm.search.literals import Literals
from llmerm.search.op import Op

UNIT = 4
"""Costs are rounded up to 1/UNIT bit; rounding up keeps Kraft's inequality."""


@dataclass(frozen=True, eq=False)
class Grammar:
    """Operators and literals with a probability for every expression over them.

    Operators whose arguments nothing produces are left out. Print it to see it as a table.

    Attributes:
        ops: the productions; an input is an operator without arguments, such as `x`.
        literals: the families of constants by the name of their type.
        alphabet: the characters of the input strings, for the solvers.

    >>> grammar = Grammar((Op("x", "int", (), "x"), Op("+", "int", ("int", "int"), "{0} + {1}")))
    >>> grammar.cost(grammar["+"])
    1.0
    """

    ops: tuple[Op, ...]
    literals: Mapping[str, Literals[Any]] = field(default_factory=dict)
    alphabet: str = ""

    def __post_init__(self) -> None:
        names = [op.name for op in self.ops]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ArgumentError(
                f"the operators {sorted(twice)} appear twice. Give each operator its own name."
            )
        object.__setattr__(self, "ops", _productive(self.ops, self.literals))

    def __getitem__(self, name: str) -> Op:
        """The operator of this name."""
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @classmethod
    def infer(cls, samples: Samples) -> Grammar:
        """The grammar for the inputs' type: bit strings, other strings, numbers, lists or rows.

        >>> from llmerm.samples import Samples
        >>> "reverse" in Grammar.infer(Samples.of([("01", 1), ("11", 0)]))
        True
        """
        return cls(*choose(samples.inputs, samples.outputs))

    def with_ops(self, *ops: Op) -> Grammar:
        """The same grammar with more operators; the probabilities are shared out anew."""
        return replace(self, ops=(*self.ops, *ops))

    def without(self, *names: str) -> Grammar:
        """The same grammar without some operators."""
        return replace(self, ops=tuple(op for op in self.ops if op.name not in names))

    def reweighted(self, counts: Mapping[str, float], *, trust: float = 1.0) -> Grammar:
        """The same grammar with more probability for the operators that were counted.

        An operator's weight is multiplied by 1 + trust * count / (the mean count of its type), so
        none becomes impossible and the probabilities of a type still sum to at most 1.

        Args:
            counts: how often each operator was seen, by name; names that are not here are ignored.
            trust: how much the counts are worth beside the grammar's own weights; 0 for nothing.

        Raises:
            ArgumentError: if a count or `trust` is negative or not finite.
        """
        for name, count in {**counts, "trust": trust}.items():
            if not (count >= 0 and math.isfinite(count)):
                raise ArgumentError(f"the weight of {name!r} must be 0 or more, got {count}.")
        return replace(self, ops=tuple(_reweighted(op, self.ops, counts, trust) for op in self.ops))

    def literal(self, kind: str, value: Any) -> Expr:  # noqa: ANN401  (any literal)
        """The expression of one constant of the literal type `kind`."""
        family = self.literals[kind]
        op = Op(repr(value), kind, (), family.source(value), bits=family.bits(value))
        return Expr(op, (), value)

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that some operator produces."""
        return frozenset(op.ret for op in self.ops)

    @cached_property
    def _by_name(self) -> dict[str, Op]:
        return {op.name: op for op in self.ops}

    @cached_property
    def _bits(self) -> dict[str, float]:
        return {op.name: _share(op, self.ops) for op in self.ops}

    def cost(self, op: Op) -> float:
        """The bits of one production: -log2 of its probability, rounded up to a quarter bit."""
        bits = op.bits if op.ret in self.literals else self._bits[op.name]
        assert bits is not None
        return rounded_up(bits)

    def bits(self, expr: Expr) -> float:
        """The bits of an expression: the sum over its productions."""
        return self.cost(expr.op) + sum(map(self.bits, expr.args))

    def __str__(self) -> str:
        rows = sorted((op.ret, self.cost(op), op.name, op) for op in self.ops)
        return "\n".join(
            f"{ret:>6} {bits:5.2f}  {name:<20} {op.source}" for ret, bits, name, op in rows
        )


def rounded_up(bits: float) -> float:
    """The bits as costs are counted: up to the next 1/UNIT of a bit."""
    return math.ceil(bits * UNIT - 1e-9) / UNIT


def _share(op: Op, ops: Iterable[Op]) -> float:
    if op.bits is not None:
        return op.bits
    same = [other for other in ops if other.ret == op.ret]
    left = 1 - sum(2.0**-other.bits for other in same if other.bits is not None)
    weights = sum(other.weight for other in same if other.bits is None)
    if left <= 0:
        raise ArgumentError(
            f"the fixed `bits` of the operators of type {op.ret!r} use up all probability. "
            "Raise some, or use `weight`."
        )
    return -math.log2(left * op.weight / weights)


def _reweighted(op: Op, ops: Sequence[Op], counts: Mapping[str, float], trust: float) -> Op:
    same = [counts.get(other.name, 0.0) for other in ops if other.ret == op.ret]
    mean = sum(same) / len(same)
    more = trust * counts.get(op.name, 0.0) / mean if mean else 0.0
    return replace(op, weight=op.weight * (1 + more))


def _productive(ops: tuple[Op, ...], literals: Mapping[str, Literals[Any]]) -> tuple[Op, ...]:
    """The operators from which an expression without holes can be built, the rest left out."""
    have = set(literals)
    while True:
        more = {op.ret for op in ops if have.issuperset(op.args)} - have
        if not more:
            return tuple(op for op in ops if have.issuperset(op.args))
        have |= more
