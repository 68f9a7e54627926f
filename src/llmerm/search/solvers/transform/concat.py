"""The cheapest ways to write labels as pieces in a row: values of the inputs and constants."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.transform.language import Language
from llmerm.search.solvers.transform.pool import Found

MOST_STATES = 20_000
WAYS = 3
"""How many ways to reach the same places in all labels are followed."""

Places = tuple[int, ...]
Piece = tuple[str, tuple[str, ...], float, Expr]


def rows(
    language: Language, pool: Sequence[Found], labels: Sequence[str], most: int, clock: Clock
) -> Iterator[Found]:
    """Up to `most` programs that give the labels, cheapest first (uniform-cost search).

    A state is a place in every label; a step writes a piece: a value that all labels go on with,
    or a constant.
    """
    steps = _Steps(language, pool, labels)
    end = tuple(map(len, labels))
    queue: list[tuple[float, int, Places, tuple[Found, ...]]] = [(0.0, 0, (0,) * len(labels), ())]
    seen: dict[Places, int] = {}
    pushed = found = 0
    while queue and pushed < MOST_STATES and found < most and not clock.over:
        bits, _, places, pieces = heapq.heappop(queue)
        seen[places] = seen.get(places, 0) + 1
        if seen[places] > (most if places == end else WAYS):
            continue
        if places == end:
            found += 1
            yield _program(language, pieces, bits)
            continue
        for piece in steps.at(places, after_constant=bool(pieces) and _constant(pieces[-1])):
            pushed += 1
            following = tuple(p + len(v) for p, v in zip(places, piece.values, strict=True))
            cost = bits + piece.bits + language.cost("joined" if following != end else "text")
            heapq.heappush(queue, (cost, pushed, following, (*pieces, piece)))


class _Steps:
    """The pieces that may be written next, at given places of the labels."""

    def __init__(self, language: Language, pool: Sequence[Found], labels: Sequence[str]) -> None:
        self._language = language
        self._labels = labels
        self._by_first: dict[str, list[Found]] = {}
        for found in pool:
            if all(v in y for v, y in zip(found.values, labels, strict=True)):
                self._by_first.setdefault(found.values[0], []).append(found)
        self._sizes = sorted(set(map(len, self._by_first)))

    def at(self, places: Places, *, after_constant: bool) -> Iterator[Found]:
        """The values that every label goes on with, and the constants, unless one came before."""
        first, start = self._labels[0], places[0]
        for size in self._sizes:
            for found in self._by_first.get(first[start : start + size], ()):
                if len(found.values[0]) == size and self._goes_on(places, found.values):
                    yield found
        if not after_constant:
            yield from self._constants(places)

    def _goes_on(self, places: Places, values: Sequence[str]) -> bool:
        triples = zip(self._labels, places, values, strict=True)
        return all(y.startswith(v, p) for y, p, v in triples)

    def _constants(self, places: Places) -> Iterator[Found]:
        rests = [y[p:] for y, p in zip(self._labels, places, strict=True)]
        for size in range(1, _common(rests) + 1):
            text = rests[0][:size]
            literal, bits = self._language.literal("text", text)
            op = self._language.grammar["constant"]
            whole = self._language.cost("constant") + bits
            yield Found("str", (text,) * len(rests), whole, Expr(op, (literal,)))


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
