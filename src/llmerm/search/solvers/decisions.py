"""Decision lists: a few questions in turn, each for one class; for noisy or many labels."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT
from llmerm.search.literals import Decimals
from llmerm.search.op import Op
from llmerm.search.solvers.features import build, values
from llmerm.typing import Value
from llmerm.values import key

FEATURES = 64
MOST_CLASSES = 8
QUESTIONS = 3
FAMILY_BITS = 3.0 + math.log2(QUESTIONS)
"""What it costs to say that the program is such a list, and how long it is."""

NAMES = {"int": ("", "cut"), "float": ("float ", "real")}


class Question(NamedTuple):
    """A comparison of one feature, and what it answers for each sample."""

    test: Expr
    answers: tuple[bool, ...]


class Rule(NamedTuple):
    """The samples for which the test holds have the label."""

    test: Expr
    label: Value


class DecisionLists:
    """Fits "a if f < 1 else b if g > 2 else c" over the input's numbers, greedily, for few classes.

    The lists need not fit all samples: those that do not are kept as near misses.
    """

    name = "decisions"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """A list of one, two and three questions, once the inputs' own numbers are in the bank."""
        labels = {key(y): y for y in samples.outputs}
        features = _new_leaves(bank)
        if not features or not 2 <= len(labels) <= MOST_CLASSES:
            return
        questions = [q for f, kind in features for q in _questions(bank, samples, f, kind)]
        clock.check()
        rules: list[Rule] = []
        for rule in _greedy(questions, samples.outputs, clock):
            rules.append(rule)
            yield _list(bank, rules, samples, len(labels))


def _new_leaves(bank: Bank) -> list[tuple[Expr, str]]:
    """The numbers that the inputs themselves hold, in the level where the last of them appears."""
    numbers = [op for op in bank.grammar.ops if not op.args and op.ret in NAMES]
    last = max((round(bank.grammar.cost(op) * UNIT) for op in numbers), default=-1)
    if last != bank.unit - 1:
        return []
    return [(Expr(op), op.ret) for op in numbers[:FEATURES]]


def _questions(bank: Bank, samples: Samples, feature: Expr, kind: str) -> Iterator[Question]:
    """`f < c` for a round c in each gap between the feature's values."""
    found = values(feature, samples)
    if found is None:
        return
    prefix, literal = NAMES[kind]
    family = bank.grammar.literals[literal]
    assert isinstance(family, Decimals)
    ordered = sorted(set(found))
    for low, high in pairwise(ordered):
        cut = family.cheapest(low, high)
        for name in ("< c", "> c"):
            test = None if cut is None else build(bank, prefix + name, feature, (literal, cut))
            if cut is not None and test is not None:
                yield Question(test, tuple(_answer(name, v, cut) for v in found))


def _answer(name: str, value: float, cut: float) -> bool:
    return bool(value < cut if name == "< c" else value > cut)


def _greedy(
    questions: Sequence[Question], outputs: Sequence[Value], clock: Clock
) -> Iterator[Rule]:
    """Rules, each the one after which fewest of the samples left have to be wrong."""
    left = set(range(len(outputs)))
    labels = [key(y) for y in outputs]
    names = {key(y): y for y in outputs}
    for _ in range(QUESTIONS):
        clock.check()
        if len({labels[i] for i in left}) < 2 or not questions:
            return
        best = min(questions, key=lambda q: _wrong(q, labels, left))
        asked = {i for i in left if best.answers[i]}
        yield Rule(best.test, names[_commonest(labels, asked)])
        left -= asked


def _wrong(question: Question, labels: Sequence[str], left: set[int]) -> tuple[float, float]:
    """The entropy that is left, in bits: of all samples, then of those that get the label now."""
    asked = [labels[i] for i in left if question.answers[i]]
    other = [labels[i] for i in left if not question.answers[i]]
    if not asked or not other:
        return math.inf, math.inf
    return _entropy(asked) + _entropy(other), _entropy(asked)


def _entropy(labels: Sequence[str]) -> float:
    return sum(c * math.log2(len(labels) / c) for c in Counter(labels).values())


def _commonest(labels: Sequence[str], places: set[int]) -> str:
    counts = Counter(labels[i] for i in sorted(places))
    return min(counts, key=lambda label: (-counts[label], label))


def _list(bank: Bank, rules: Sequence[Rule], samples: Samples, classes: int) -> Candidate:
    """The rules as nested conditionals; the rest gets the label most common there."""
    tests = [values(rule.test, samples) or [] for rule in rules]
    rest = {i for i in range(len(samples)) if not any(test[i] for test in tests)}
    names = {key(y): y for y in samples.outputs}
    last = names[_commonest([key(y) for y in samples.outputs], rest or {0})]
    expr = Expr(Op("label", "label", (), repr(last)))
    for rule in reversed(rules):
        choose = Op("if", "label", ("bool", "label"), f"{rule.label!r} if {{0}} else {{1}}")
        expr = Expr(choose, (rule.test, expr))
    bits = FAMILY_BITS + (len(rules) + 1) * math.log2(classes)
    bits += sum(bank.grammar.bits(rule.test) for rule in rules)
    return Candidate(expr, bits, DecisionLists.name, consistent=False)
