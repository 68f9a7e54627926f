"""Decision lists over all truth values found so far: each question settles one class for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.grammar import UNIT
from llmerm.search.solvers.decisions import MOST_CLASSES, QUESTIONS, Rule, decision_list
from llmerm.search.values import Array, Keys, pack
from llmerm.typing import Value
from llmerm.values import key

EVERY_BITS = 4
MOST_TESTS = 4000
WIDTH, NEXT = 80, 24
"""Lists kept at each length, and next questions tried for each of them."""

HANDED_ON = 8


class Partial(NamedTuple):
    """A list in the making: the samples left to it as a word, and (test's row, class) so far."""

    score: float
    left: int
    rules: tuple[tuple[int, int], ...]


class Covering:
    """Fits "a if t else b if u else c" where each test is true for samples of one class alone."""

    name = "covering"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shortest lists over the cheapest truth values, every few bits of the search."""
        names = {key(y): y for y in bank.goal.labels}
        useful = "bool" in bank.columns and 2 <= len(names) <= MOST_CLASSES
        if bank.unit % (EVERY_BITS * UNIT) or not useful:
            return
        labels = list(names.values())
        found = [
            decision_list(
                bank,
                [Rule(bank.expr("bool", row), labels[c]) for row, c in rules],
                labels[last],
                len(labels),
            )
            for rules, last in _lists(bank, list(names), clock)
        ]
        for best in sorted(found, key=lambda c: c.bits)[:HANDED_ON]:
            yield replace(best, origin=self.name)


def _lists(
    bank: Bank, names: Sequence[str], clock: Clock
) -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    """The rules of lists that fit, with the class of the rest."""
    column = bank.columns["bool"]
    tests = column.keys[:MOST_TESTS]
    costs = np.searchsorted(column.ends, np.arange(len(tests)), side="right") / UNIT
    classes = _classes(bank.goal.labels, names)
    worth = bank.goal.carried_bits / len(bank.goal.labels)
    beam = [Partial(0.0, int(np.bitwise_or.reduce(classes)), ())]
    for _ in range(QUESTIONS):
        longer: dict[int, Partial] = {}
        for one in beam:
            clock.check()
            for more in _longer(one, tests, costs, classes, worth):
                longer[more.left] = min(more, longer.get(more.left, more))
        beam = sorted(longer.values())[:WIDTH]
        for one in beam:
            for last, members in enumerate(classes.tolist()):
                if not one.left & ~members:
                    yield one.rules, last


def _classes(labels: Sequence[Value], names: Sequence[str]) -> Keys:
    """The samples of each class, as words."""
    return pack(np.array([[key(y) == name for y in labels] for name in names], np.bool_))


def _longer(
    one: Partial, tests: Keys, costs: Array, classes: Keys, worth: float
) -> Iterator[Partial]:
    """The list with one more question: those that settle most samples for their bits."""
    hits = tests & np.uint64(one.left)
    for number, members in enumerate(classes):
        pure = np.flatnonzero((hits & ~members == 0) & (hits != 0))
        settled = np.bitwise_count(hits[pure])
        order = np.argsort(costs[pure] - worth * settled, kind="stable")[:NEXT]
        for row, count in zip(pure[order].tolist(), settled[order].tolist(), strict=True):
            score = one.score + float(costs[row]) - worth * count
            yield Partial(score, one.left & ~int(hits[row]), (*one.rules, (row, number)))
