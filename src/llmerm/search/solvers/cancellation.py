"""Strings that vanish when matching neighbours cancel: brackets, Dyck words, free groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.helpers import reduces
from llmerm.search.solvers.features import build, candidate, new_texts, sides, strings

TEXTS = 8
WIDEST_BLOCK = 4
MOST_TOKENS = 8

Pairs: TypeAlias = frozenset[tuple[str, str]]


class Cancellation:
    """Solves "removing neighbours that form a pair leaves nothing" for the pairs of blocks."""

    name = "cancellation"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The sets of pairs that separate the classes, for each of the bank's first strings."""
        if bank.goal.truth is None:
            return
        for text in new_texts(bank, TEXTS):
            found = strings(text, samples)
            if found is not None:
                negative, positive = sides(found, bank)
                for width in range(1, WIDEST_BLOCK + 1):
                    for pairs in separating_pairs(positive, negative, width, clock):
                        expr = _expression(bank, text, width, pairs)
                        if expr is not None:
                            yield candidate(bank, expr, self.name)


def separating_pairs(
    positive: Sequence[str], negative: Sequence[str], width: int, clock: Clock
) -> Iterator[Pairs]:
    """The sets of pairs by which all positive strings cancel and no negative one does."""
    words = [_blocks(s, width) for s in positive]
    tokens = sorted({token for word in words for token in word})
    if not 2 <= len(tokens) <= MOST_TOKENS or any(len(s) % width for s in positive):
        return
    others = [_blocks(s, width) for s in negative]
    for pairs in _matchings(tokens, words):
        clock.check()
        if _all_reduce(words, pairs) and not any(reduces(word, set(pairs)) for word in others):
            yield pairs


def _blocks(text: str, width: int) -> list[str]:
    return [text[i : i + width] for i in range(0, len(text), width)]


def _all_reduce(words: Sequence[list[str]], pairs: Pairs) -> bool:
    return all(reduces(word, set(pairs)) for word in words)


def _matchings(tokens: list[str], words: Sequence[list[str]]) -> Iterator[Pairs]:
    """The ways to pair all tokens that occur equally often in every word, either side first."""
    if not tokens:
        yield frozenset()
        return
    one, *rest = tokens
    for other in rest:
        if all(word.count(one) == word.count(other) for word in words):
            left = [token for token in rest if token != other]
            for pairs in _matchings(left, words):
                for new in ({(one, other)}, {(other, one)}, {(one, other), (other, one)}):
                    yield pairs | new


def _expression(bank: Bank, text: Expr, width: int, pairs: Pairs) -> Expr | None:
    if width == 1:
        return build(bank, "cancels", text, ("pairs", pairs))
    return build(bank, "blocks cancel", text, ("place", width), ("pairs", pairs))
