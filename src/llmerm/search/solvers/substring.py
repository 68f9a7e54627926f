"""Words that occur in all strings of one class and in none of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.solvers.features import (
    build,
    candidate,
    new_texts,
    opposite,
    sides,
    strings,
)

TEXTS = 8
LONGEST_WORD = 64
MOST_WORDS = 2000
MOST_READ = 1 << 27
"""So many characters, about, are read for the words of one text; very long ones have too many."""

HANDED_ON = 4


class Substring:
    """Solves `w in s`, `s.startswith(w)` and `s.endswith(w)`, or their negation, for the word."""

    name = "substring"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shortest separating words, for each of the bank's first strings."""
        if bank.goal.truth is None:
            return
        for text in new_texts(bank, TEXTS):
            found = strings(text, samples)
            if found is not None:
                negative, positive = sides(found, bank)
                yield from _solved(bank, text, positive, negative, clock, yes=True)
                yield from _solved(bank, text, negative, positive, clock, yes=False)


def _solved(
    bank: Bank, text: Expr, having: list[str], lacking: list[str], clock: Clock, *, yes: bool
) -> Iterator[Candidate]:
    for name, words in (
        ("contains", common_words(having, lacking, bank.grammar.alphabet, clock)),
        ("starts with", _edges(having, lacking, str.startswith, lambda s, n: s[:n])),
        ("ends with", _edges(having, lacking, str.endswith, lambda s, n: s[-n:])),
    ):
        for word in words:
            expr = _test(bank, name, text, word, yes=yes)
            if expr is not None:
                yield candidate(bank, expr, Substring.name)


def _test(bank: Bank, name: str, text: Expr, word: str, *, yes: bool) -> Expr | None:
    if name == "contains" and not yes:
        return build(bank, "lacks", text, ("word", word))
    test = build(bank, name, text, ("word", word))
    return test and opposite(bank, test, yes=yes)


def common_words(
    having: Sequence[str], lacking: Sequence[str], alphabet: str, clock: Clock
) -> Iterator[str]:
    """The shortest words that are in all of `having` and in none of `lacking`, a few at most.

    Words grow by a character at a time: a word is common only if its beginning is.
    """
    words, count = [""], 0
    left = MOST_READ // (max(map(len, having), default=0) + 1)
    for _ in range(LONGEST_WORD):
        left -= len(words) * len(alphabet)
        if left < 0:
            return
        longer = (word + c for word in words for c in alphabet)
        words = [w for w in longer if _in_all(w, having, clock)][:MOST_WORDS]
        for word in words:
            if not any(word in text for text in lacking):
                yield word
                count += 1
        if count >= HANDED_ON or not words:
            return


def _in_all(word: str, texts: Sequence[str], clock: Clock) -> bool:
    clock.check()
    return all(word in text for text in texts)


def _edges(
    having: Sequence[str],
    lacking: Sequence[str],
    test: Callable[[str, str], bool],
    edge: Callable[[str, int], str],
) -> Iterator[str]:
    """The shortest common beginning (or end) that no other string has."""
    for length in range(1, min(LONGEST_WORD, min(map(len, having))) + 1):
        word = edge(having[0], length)
        if not all(test(text, word) for text in having):
            return
        if not any(test(text, word) for text in lacking):
            yield word
            return
