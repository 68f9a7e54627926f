"""What is looked for: the labels as the values of an expression, and how to turn it into them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from llmerm.search.expression import Expr
from llmerm.search.families import FAMILY_BITS
from llmerm.search.literals import gamma
from llmerm.search.op import Op
from llmerm.search.parts import list_kind
from llmerm.search.values import INT_LIMIT, Mask
from llmerm.typing import Value
from llmerm.values import key

SLACK_BITS = 10.0
"""Programs that fit random labels by chance weigh at most 2**-SLACK_BITS together."""

LIST = "if"
"""The operator of decision lists, which name the classes as a truth value's answer does."""

HANDFUL = 8
GUESS_BITS = 40.0


@dataclass(frozen=True)
class Goal:
    """The labels of samples, as seen by the search.

    Attributes:
        labels: one label per sample.
        classes: (negative, positive) where there are two labels, else None.
    """

    labels: tuple[Value, ...]
    classes: tuple[Value, Value] | None

    @classmethod
    def of(cls, labels: Sequence[Value]) -> Goal:
        """The goal that the labels set: of two labels, the later in sort order is the positive.

        >>> Goal.of([0, 1, 1]).classes
        (0, 1)
        """
        distinct = sorted({key(y): y for y in labels}.items())
        two = (distinct[0][1], distinct[1][1]) if len(distinct) == 2 else None
        goal = cls(tuple(labels), two)
        return goal if two is None or goal.worth_naming else cls(tuple(labels), None)

    @cached_property
    def truth(self) -> Mask | None:
        """Which samples are positive, or None where there are not two labels."""
        if self.classes is None:
            return None
        positive = key(self.classes[1])
        return np.array([key(y) == positive for y in self.labels], np.bool_)

    @cached_property
    def targets(self) -> Mapping[str, Sequence[object]]:
        """The values that an expression should take, for each type that can take them."""
        found = dict(self._typed())
        if self.truth is not None:
            found["bool"] = self.truth.tolist()
        return found

    def _typed(self) -> Mapping[str, Sequence[object]]:
        kinds = {type(y) for y in self.labels}
        if kinds == {int}:
            small = all(type(y) is int and abs(y) < INT_LIMIT for y in self.labels)
            return {"int" if small else "big": self.labels}
        if kinds in ({float}, {int, float}):
            return {"float": self.labels}
        if kinds == {list}:
            kind = list_kind(self.labels)
            return {kind: self.labels} if kind else {}
        return {"str": self.labels} if kinds == {str} else {}

    @cached_property
    def carried_bits(self) -> float:
        """The information in the labels: what the distinct ones are, then m times the entropy."""
        counts = Counter(map(key, self.labels)).values()
        m = len(self.labels)
        return self.names_bits - sum(c * math.log2(c / m) for c in counts)

    @cached_property
    def names_bits(self) -> float:
        """The bits to say what the distinct labels are; none for 0 and 1, or False and True.

        A program that merely chooses between the labels has to say them too.
        """
        distinct = {key(y): y for y in self.labels}
        if self.classes is not None:
            distinct = {key(y): y for y in self.classes}
        return 0.0 if set(distinct) <= {"0", "1"} else sum(map(label_bits, distinct.values()))

    @property
    def worth_naming(self) -> bool:
        """False where a program that says both labels could not be told from chance.

        Two texts from two samples are texts to be made, not two classes.
        """
        return self.names_bits == 0 or not self._typed() or self.names_bits < self.trusted_bits

    @property
    def trusted_bits(self) -> float:
        """A consistent program of more bits than this could be an accident (the union bound).

        The slack is `SLACK_BITS`, or a quarter of what few samples carry.
        """
        return self.carried_bits - min(SLACK_BITS, self.carried_bits / 4)

    @property
    def weak_bits(self) -> float:
        """A consistent program of more bits than this is not worth showing as a guess.

        No more than the labels carry; but of a handful of texts no rule with a condition can be
        told from chance, and the shortest is still the best guess that there is.
        """
        few = len(self.labels) <= HANDFUL and all(type(y) is str for y in self.labels)
        return self.carried_bits + GUESS_BITS * few

    @cached_property
    def root_bits(self) -> float:
        """The bits to say that the program is one expression, and of which of the types."""
        return FAMILY_BITS["expression"] + math.log2(max(1, len(self.targets)))

    def overhead_bits(self, expr: Expr) -> float:
        """The bits of what `answer` adds to an expression: its type, and the names of classes."""
        return self.root_bits + (self.names_bits if expr.op.ret == "bool" else 0.0)

    def named_bits(self, expr: Expr) -> float:
        """The bits of naming classes in a program that chooses between them, else none."""
        chooses = expr.op.ret == "bool" or expr.op.name == LIST
        return self.names_bits if chooses else 0.0

    @cached_property
    def constant_bits(self) -> float:
        """The bits to say that the program is a constant, and which of the labels."""
        distinct = len(set(map(key, self.labels)))
        return FAMILY_BITS["constant"] + math.log2(distinct) + self.names_bits

    def take(self, places: Sequence[int]) -> Goal:
        """The same goal for some of the samples."""
        return Goal(tuple(self.labels[i] for i in places), self.classes)

    def answer(self, expr: Expr) -> Expr:
        """The expression whose values are labels: a truth value chooses between the two classes."""
        if expr.op.ret != "bool" or self.classes is None:
            return expr
        negative, positive = self.classes
        if (key(negative), key(positive)) == ("0", "1"):
            return expr
        choose = Op("choose", "label", ("bool",), f"{positive!r} if {{0}} else {negative!r}")
        return Expr(choose, (expr,))

    def most_common(self) -> Expr:
        """The constant program: the label that occurs most often."""
        keys = Counter(map(key, self.labels))
        label = next(y for y in self.labels if key(y) == keys.most_common(1)[0][0])
        return Expr(Op("constant label", "label", (), repr(label)))


def label_bits(label: Value) -> float:
    """The length of a label in a fixed prefix code.

    A text costs 8 bits a character (22 beyond ASCII), an integer the gamma code of its size and
    a sign, a list its items; each has its length before it. A float costs 53 bits.

    >>> [label_bits(y) for y in (0, 5, "ab")]
    [2.0, 6.0, 19.0]
    """
    if isinstance(label, int):
        return 1.0 + gamma(abs(label) + 1)
    if isinstance(label, str):
        each = sum(8 if ord(c) < 128 else 22 for c in label)
        return float(gamma(len(label) + 1) + each)
    if isinstance(label, (list, tuple)):
        return gamma(len(label) + 1) + sum(map(label_bits, label))
    if isinstance(label, dict):
        return label_bits([*label, *label.values()])
    return 53.0 if label is not None else 1.0


_WHOLE = (int, bool)


def same(value: object, label: Value) -> bool:
    """True if a program's value counts as the label: equal, or two floats that are close."""
    if type(value) in _WHOLE and type(label) in _WHOLE:
        return value == label
    if isinstance(label, float) and isinstance(value, (int, float)):
        return math.isclose(value, label, rel_tol=1e-9, abs_tol=1e-12)
    return key(value) == key(label)  # type: ignore[arg-type]  # the value of a grammar's source
