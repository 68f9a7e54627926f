"""The cheapest ways to write labels as pieces in a row: values of the inputs and constants."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from math import inf

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.transform.language import Language
from llmerm.search.solvers.transform.pool import Found

MOST_STATES = 20_000

Places = tuple[int, ...]


def rows(
    language: Language,
    pool: Sequence[Found],
    labels: Sequence[str],
    most: int,
    clock: Clock,
    *,
    below: float = inf,
) -> Iterator[Found]:
    """Up to `most` programs of fewer than `below` bits that give the labels, cheapest first.

    A state is a place in every label; a step writes a piece: a value that all labels go on with,
    or a constant. The search is A* (Hart, Nilsson and Raphael 1968): what is left costs at least
    what it would cost for any one of the labels alone.
    """
    steps = _Steps(language, pool, labels)
    end = tuple(map(len, labels))
    start = (0,) * len(labels)
    if not any(labels):
        nothing = steps.constant("")
        yield _program(language, [nothing], nothing.bits + steps.each)
        return
    queue: list[tuple[float, int, float, Places, tuple[Found, ...]]] = [
        (steps.least(start), 0, 0.0, start, ())
    ]
    seen: dict[Places, int] = {}
    pushed = found = 0
    while queue and pushed < MOST_STATES and found < most and not clock.over:
        least, _, bits, places, pieces = heapq.heappop(queue)
        if least >= below:
            return
        seen[places] = seen.get(places, 0) + 1
        if seen[places] > most:
            continue
        if places == end:
            found += 1
            yield _program(language, pieces, bits)
            continue
        for piece in steps.at(places, after_constant=bool(pieces) and _constant(pieces[-1])):
            pushed += 1
            following = tuple(p + len(v) for p, v in zip(places, piece.values, strict=True))
            cost = bits + piece.bits + steps.each
            total = cost + steps.least(following)
            if total < below:
                heapq.heappush(queue, (total, pushed, cost, following, (*pieces, piece)))


class _Steps:
    """The pieces that may be written next, at given places of the labels."""

    def __init__(self, language: Language, pool: Sequence[Found], labels: Sequence[str]) -> None:
        self.each = max(language.cost("joined"), language.cost("text"))
        self._language = language
        self._labels = labels
        self._pieces = _distinct(pool, labels)
        columns = zip(*(found.values for found in self._pieces), strict=True)
        distinct = [len(set(column)) for column in columns] or [0]
        self._pivot = distinct.index(max(distinct))
        self._by_text: dict[str, list[Found]] = {}
        for found in self._pieces:
            self._by_text.setdefault(found.values[self._pivot], []).append(found)
        self._sizes = sorted(set(map(len, self._by_text)))
        self._left = [self._alone(i) for i in range(len(labels))]

    def least(self, places: Places) -> float:
        """No fewer bits write what is left."""
        return max(left[p] for left, p in zip(self._left, places, strict=True))

    def at(self, places: Places, *, after_constant: bool) -> Iterator[Found]:
        """The values that every label goes on with, and the constants, unless one came before."""
        label, start = self._labels[self._pivot], places[self._pivot]
        for size in self._sizes:
            for found in self._by_text.get(label[start : start + size], ()):
                if len(found.values[self._pivot]) == size and self._goes_on(places, found.values):
                    yield found
        if not after_constant:
            rests = [y[p:] for y, p in zip(self._labels, places, strict=True)]
            for size in range(1, _common(rests) + 1):
                yield self.constant(rests[0][:size])

    def _goes_on(self, places: Places, values: Sequence[str]) -> bool:
        triples = zip(self._labels, places, values, strict=True)
        return all(y.startswith(v, p) for y, p, v in triples)

    def constant(self, text: str) -> Found:
        """The same text for all labels."""
        literal, bits = self._language.literal("text", text)
        op = self._language.grammar["constant"]
        whole = self._language.cost("constant") + bits
        return Found("str", (text,) * len(self._labels), whole, Expr(op, (literal,)))

    def _alone(self, which: int) -> list[float]:
        """The bits to write the rest of one label from each place on, whatever the others are."""
        label = self._labels[which]
        cheapest: dict[str, float] = {}
        for found in self._pieces:
            text = found.values[which]
            cheapest[text] = min(found.bits, cheapest.get(text, inf))
        sizes = sorted(set(map(len, cheapest)) - {0})
        left = [inf] * len(label) + [0.0]
        for start in reversed(range(len(label))):
            values = (
                cheapest.get(label[start : start + size], inf) + left[start + size]
                for size in sizes
                if start + size <= len(label)
            )
            left[start] = self.each + min([*values, *self._from_constants(label, start, left)])
        return left

    def _from_constants(self, label: str, start: int, left: Sequence[float]) -> Iterator[float]:
        yield inf
        for stop in range(start + 1, len(label) + 1):
            text = label[start:stop]
            if not all(text in other for other in self._labels):
                return
            yield self.constant(text).bits + left[stop]


def _distinct(pool: Sequence[Found], labels: Sequence[str]) -> list[Found]:
    """The cheapest of the values that are equal, of those that are within the labels."""
    cheapest: dict[tuple[str, ...], Found] = {}
    for found in pool:
        if any(found.values) and all(v in y for v, y in zip(found.values, labels, strict=True)):
            old = cheapest.setdefault(found.values, found)
            if found.bits < old.bits:
                cheapest[found.values] = found
    return list(cheapest.values())


def _common(texts: Sequence[str]) -> int:
    """The length of the longest common beginning."""
    low, high = min(texts), max(texts)
    return next((i for i, c in enumerate(low) if c != high[i]), len(low))


def _constant(found: Found) -> bool:
    return found.expr.op.name == "constant"


def _program(language: Language, pieces: Sequence[Found], bits: float) -> Found:
    """The pieces as one expression of type "label"."""
    grammar = language.grammar
    expr = Expr(grammar["text"], (pieces[-1].expr,))
    for piece in reversed(pieces[:-1]):
        expr = Expr(grammar["joined"], (piece.expr, expr))
    labels = tuple("".join(parts) for parts in zip(*(p.values for p in pieces), strict=True))
    return Found("label", labels, bits, expr)
