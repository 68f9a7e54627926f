"""Decision lists: a few questions in turn, each for one class; for noisy or many labels."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.families import FAMILY_BITS
from llmerm.search.goal import LIST
from llmerm.search.grammar import UNIT
from llmerm.search.literals import Decimals
from llmerm.search.op import Op
from llmerm.search.solvers.features import build, values
from llmerm.search.solvers.thresholds import NAMES, above, below
from llmerm.typing import Value
from llmerm.values import key

MOST_CLASSES = 8
EXACT = 2**53  # integers below it are exact as floats
QUESTIONS = 3


class Feature(NamedTuple):
    """A number of the inputs, and its value for each sample."""

    expr: Expr
    kind: str
    values: NDArray[np.float64]


class Question(NamedTuple):
    """A comparison of one feature, and for which samples it holds; the least entropy is best."""

    entropy: tuple[float, float]
    test: Expr
    holds: NDArray[np.bool_]


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
        leaves = _new_leaves(bank)
        if not leaves or not 2 <= len(labels) <= MOST_CLASSES:
            return
        features = list(_features(leaves, samples, clock))
        rules: list[Rule] = []
        for rule in _greedy(bank, features, samples.outputs, clock):
            rules.append(rule)
            yield _list(bank, rules, samples, len(labels))


def _new_leaves(bank: Bank) -> list[tuple[Expr, str]]:
    """The numbers that the inputs themselves hold, in the level where the last of them appears."""
    numbers = [op for op in bank.grammar.ops if not op.args and op.ret in NAMES]
    last = max((round(bank.grammar.cost(op) * UNIT) for op in numbers), default=-1)
    if last != bank.unit - 1:
        return []
    return [(Expr(op), op.ret) for op in numbers]


def _features(
    leaves: Sequence[tuple[Expr, str]], samples: Samples, clock: Clock
) -> Iterator[Feature]:
    for expr, kind in leaves:
        clock.check()
        found = values(expr, samples)
        if found is not None and max(map(abs, found)) < EXACT:
            yield Feature(expr, kind, np.array(found, np.float64))


def _greedy(
    bank: Bank, features: Sequence[Feature], outputs: Sequence[Value], clock: Clock
) -> Iterator[Rule]:
    """Rules, each the one after which least is left to say about the samples not yet decided."""
    names = {key(y): y for y in outputs}
    classes = np.array([list(names).index(key(y)) for y in outputs])
    left = np.ones(len(outputs), np.bool_)
    for _ in range(QUESTIONS):
        if len(np.unique(classes[left])) < 2:
            return
        questions = (_best(bank, f, classes, left, clock) for f in features)
        best = min(filter(None, questions), key=lambda q: q.entropy, default=None)
        if best is None:
            return
        yield Rule(best.test, list(names.values())[_commonest(classes[left & best.holds])])
        left &= ~best.holds


def _best(
    bank: Bank,
    feature: Feature,
    classes: NDArray[np.int64],
    left: NDArray[np.bool_],
    clock: Clock,
) -> Question | None:
    """The best `f < c` or `f > c`, of all cuts between neighbouring values, in one pass."""
    clock.check()
    order = np.argsort(feature.values[left], kind="stable")
    ordered = feature.values[left][order]
    gaps = np.flatnonzero(np.diff(ordered))
    if not len(gaps):
        return None
    one_hot = classes[left][order][:, None] == np.arange(classes.max() + 1)
    left_side = one_hot.cumsum(0)[gaps].astype(np.float64)
    low, high = _entropy(left_side), _entropy(one_hot.sum(0) - left_side)
    total = low + high
    # The side that gets the label now should be the purer one.
    place = int(np.lexsort((np.minimum(low, high), total))[0])
    under = bool(low[place] <= high[place])
    return _question(
        bank,
        feature,
        float(ordered[gaps[place]]),
        float(ordered[gaps[place] + 1]),
        under=under,
        entropy=(float(total[place]), float(min(low[place], high[place]))),
    )


def _question(
    bank: Bank,
    feature: Feature,
    low: float,
    high: float,
    *,
    under: bool,
    entropy: tuple[float, float],
) -> Question | None:
    """`f < c` or `f > c` for a round c in the gap between two values."""
    prefix, literal = NAMES[feature.kind]
    family = bank.grammar.literals[literal]
    assert isinstance(family, Decimals)
    cut = (below if under else above)(family, low, high)
    name = prefix + ("< c" if under else "> c")
    test = None if cut is None else build(bank, name, feature.expr, (literal, cut))
    if cut is None or test is None:
        return None
    return Question(entropy, test, feature.values < cut if under else feature.values > cut)


def _entropy(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The bits that it takes to tell the classes of each row's samples, given the row's counts."""
    total = counts.sum(1, keepdims=True)
    share = np.divide(total, counts, out=np.ones_like(counts), where=counts > 0)
    bits: NDArray[np.float64] = (counts * np.log2(share)).sum(1)
    return bits


def _commonest(classes: NDArray[np.int64]) -> int:
    return int(np.bincount(classes).argmax())


def _list(bank: Bank, rules: Sequence[Rule], samples: Samples, classes: int) -> Candidate:
    """The rules as nested conditionals; the rest gets the label most common there."""
    tests = [values(rule.test, samples) or [] for rule in rules]
    rest = [y for i, y in enumerate(samples.outputs) if not any(test[i] for test in tests)]
    names = {key(y): y for y in samples.outputs}
    counts = Counter(map(key, rest or samples.outputs))
    last = names[min(counts, key=lambda label: (-counts[label], label))]
    return replace(decision_list(bank, rules, last, classes), consistent=False)


def decision_list(bank: Bank, rules: Sequence[Rule], last: Value, classes: int) -> Candidate:
    """The rules as nested conditionals, and `last` where none holds; it says the labels, too."""
    expr = Expr(Op("label", "label", (), repr(last)))
    for rule in reversed(rules):
        choose = Op(LIST, "label", ("bool", "label"), f"{rule.label!r} if {{0}} else {{1}}")
        expr = Expr(choose, (rule.test, expr))
    length = math.log2(QUESTIONS)
    said = (len(rules) + 1) * math.log2(classes) + bank.goal.names_bits
    tests = sum(bank.grammar.bits(rule.test) for rule in rules)
    bits = FAMILY_BITS["decisions"] + length + said + tests
    return Candidate(expr, bits, DecisionLists.name)
