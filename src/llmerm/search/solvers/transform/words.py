"""Pieces made word by word: a program for each word of a list, and the results joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, product

from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.op import Op
from llmerm.search.solvers.transform.concat import rows
from llmerm.search.solvers.transform.language import Hints, Language, separators
from llmerm.search.solvers.transform.pool import Found, Pool

MOST_LISTS = 14
MOST_WORDS = 60
EVALUATIONS = 1200
IN_PAIRS = 16

DEAREST = 24.0
"""What is done to each word may cost so many bits."""

WORD = Op("w", "str", (), "w", weight=16)


class WordJoins:
    """Texts that are within all labels, each a join of what one program gives for the words."""

    def __init__(self, language: Language, pool: Pool, labels: Sequence[str]) -> None:
        self._language = language
        self._pool = pool
        self._labels = labels
        self._seen: set[tuple[object, ...]] = set()
        self._found: list[Found] = []

    def found(self, clock: Clock) -> list[Found]:
        """Those over the lists that the pool has by now."""
        for words in list(filter(_several, self._pool.of("strs")))[:MOST_LISTS]:
            key = tuple(map(tuple, words.values))
            if key not in self._seen and not clock.over:
                self._seen.add(key)
                inner = _Words(self._language, words, self._labels, self._pool.hints, clock)
                self._found += [*inner.whole(), *inner.parts()]
        return self._found


def _several(found: Found) -> bool:
    sizes = list(map(len, found.values))
    return max(sizes) > 1 and sum(sizes) <= MOST_WORDS and all(map(all, found.values))


class _Words:
    """The words of one list in all samples, as samples of their own."""

    def __init__(
        self, language: Language, words: Found, labels: Sequence[str], hints: Hints, clock: Clock
    ) -> None:
        self._outer = language
        self._list = words
        self._labels = labels
        self._clock = clock
        self._hints = hints
        flat = tuple(w for words in words.values for w in words)
        likely = separators([flat])
        self._language = Language.over((WORD,), likely, each=False)
        self._pool = Pool(self._language, [flat], Hints(likely, hints.marks, hints.widths), 0)
        self._pool.grow(EVALUATIONS, clock)
        ends = [0, *accumulate(map(len, words.values))]
        self._spans = list(pairwise(ends))

    def parts(self) -> Iterator[Found]:
        """One value for each word, or two in a row, joined by a mark."""
        single = [f for f in self._pool.of("str") if f.bits <= DEAREST]
        for found in (*single, *self._pairs(single[:IN_PAIRS])):
            for mark in self._hints.marks:
                start, stop = self._spans[0]
                if mark.join(found.values[start:stop]) in self._labels[0]:
                    texts = tuple(mark.join(found.values[a:b]) for a, b in self._spans)
                    if all(t in y for t, y in zip(texts, self._labels, strict=True)):
                        yield self._joined(mark, found.expr, found.bits, texts)

    def _pairs(self, single: Sequence[Found]) -> Iterator[Found]:
        op = self._language.grammar["with"]
        for first, second in product(single, repeat=2):
            values = tuple(map("".join, zip(first.values, second.values, strict=True)))
            bits = self._language.grammar.cost(op) + first.bits + second.bits
            yield Found("str", values, bits, Expr(op, (first.expr, second.expr)))

    def whole(self) -> Iterator[Found]:
        """A row of values and constants for each word, where a mark cuts labels into as many."""
        for mark in filter(None, self._hints.marks):
            pieces = [y.split(mark) for y in self._labels]
            sizes = zip(pieces, self._list.values, strict=True)
            if all(len(p) == len(words) for p, words in sizes):
                flat = [piece for part in pieces for piece in part]
                values = self._pool.of("str")
                for found in rows(self._language, values, flat, 1, self._clock):
                    yield self._joined(mark, found.expr, found.bits, tuple(self._labels))

    def _joined(self, mark: str, each: Expr, bits: float, texts: tuple[str, ...]) -> Found:
        literal, mark_bits = self._outer.literal("mark", mark)
        op = self._outer.grammar["each"]
        total = self._list.bits + mark_bits + bits + self._outer.grammar.cost(op)
        return Found("str", texts, total, Expr(op, (self._list.expr, literal, each)))
