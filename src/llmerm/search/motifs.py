"""What stands in the inputs: their characters, and words that chance would not put there."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

MOST = 4
SHORTEST, LONGEST = 4, 16
LEAST_TEXTS, LEAST_SHARE = 5, 0.1
"""A motif is in at least so many of the texts, and in such a share of them."""

SURPRISE = math.log(10_000)
"""One set of texts in 10,000 has a motif by chance: the union bound over all words."""

SURE = 1 - 1e-12
"""No word counts as more probable than this."""

CHARACTERS = 1 << 14
"""So much text is read; more would tell little."""


BATCH = 4096
"""So many texts are joined to count their characters."""


def characters(texts: Sequence[str]) -> Mapping[str, int]:
    """How often each character occurs in the texts.

    >>> characters(["abba", "c"])
    {'a': 2, 'b': 2, 'c': 1}
    """
    counts = np.zeros(sys.maxunicode + 1, np.int64)
    for start in range(0, len(texts), BATCH):
        joined = "".join(texts[start : start + BATCH]).encode("utf-32-le", "surrogatepass")
        found = np.bincount(np.frombuffer(joined, "<u4"))
        counts[: len(found)] += found
    return {chr(code): int(counts[code]) for code in np.flatnonzero(counts)}


def motifs(texts: Sequence[str]) -> tuple[str, ...]:
    """The few words that are in surprisingly many of the texts; no word within another.

    A word is surprising where independent characters, as frequent as they are, would put it into
    far fewer texts. No label is looked at: this may decide what words cost before any is seen.

    Args:
        texts: the inputs.

    >>> motifs([word + "green" + word for word in ("tea", "moss", "rye", "sea", "lime", "leaf")])
    ('green',)
    """
    texts = _part(texts)
    letters = characters(texts)
    scores: dict[str, float] = {}
    for length in range(SHORTEST, LONGEST + 1):
        frequent = _frequent(texts, length)
        if not frequent:
            break
        scores |= dict(_surprising(frequent, texts, letters))
    return tuple(_apart(sorted(scores, key=lambda word: (-scores[word], word))))


def _part(texts: Sequence[str]) -> list[str]:
    """Some of the texts, from the beginning to the end of the sequence, cut where very long."""
    size = max(1, sum(map(len, texts)))
    some = texts[:: math.ceil(size / CHARACTERS)]
    return [text[: CHARACTERS // max(1, len(some))] for text in some]


def _frequent(texts: Sequence[str], length: int) -> dict[str, int]:
    """The words of this length by the number of texts that have them, if many do."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({text[i : i + length] for i in range(len(text) - length + 1)})
    least = max(LEAST_TEXTS, LEAST_SHARE * len(texts))
    return {word: count for word, count in counts.items() if count >= least}


def _surprising(
    frequent: Mapping[str, int], texts: Sequence[str], letters: Mapping[str, int]
) -> Iterator[tuple[str, float]]:
    """The words with how improbable their counts are, in nats, beyond what is to be expected."""
    size, m = sum(letters.values()), len(texts)
    lengths = Counter(map(len, texts))
    for word, count in frequent.items():
        chance = math.prod(letters[c] / size for c in word)
        places = {n: max(0, n - len(word) + 1) for n in lengths}
        miss = math.log1p(-min(chance, SURE))  # exact where a word is too improbable for 1 - chance
        expected = -sum(k * math.expm1(places[n] * miss) for n, k in lengths.items())
        if expected < count:
            score = _nats(count, expected) + _nats(m - count, m - expected)
            if score > len(word) * math.log(len(letters)) + SURPRISE:
                yield word, score


def _nats(seen: float, expected: float) -> float:
    """One term of the likelihood ratio of two binomial distributions."""
    return seen * math.log(seen / expected) if seen else 0.0


def _apart(words: Sequence[str]) -> list[str]:
    """The first of the words that neither contain one another nor are contained."""
    kept: list[str] = []
    for word in words:
        if len(kept) < MOST and not any(word in other or other in word for other in kept):
            kept.append(word)
    return kept
