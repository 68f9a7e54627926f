"""Rules from a string to a string, learnt from many samples."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from string import ascii_letters, ascii_lowercase

from rule_sets.rule import Draw, Rule
from rule_sets.strings import in_runs, uniform

LETTERS = uniform(ascii_letters, range(4, 13)), uniform(ascii_letters, range(20, 31))
LOWER = uniform(ascii_lowercase, range(4, 13)), uniform(ascii_lowercase, range(20, 31))
BITS = uniform("01", range(4, 13)), uniform("01", range(20, 31))
DIGITS = uniform("0123456789", range(4, 11)), uniform("0123456789", range(20, 31))
FEW = uniform("abcd", range(3, 11)), uniform("abcd", range(20, 31))
MIXED = uniform("abcdeXYZ0123456789", range(4, 13)), uniform("abcdeXYZ0123456789", range(20, 31))


def words_of(count: Sequence[int]) -> Draw:
    """Lower-case words of two to seven letters."""

    def draw(rng: random.Random) -> str:
        return " ".join(
            "".join(rng.choices(ascii_lowercase, k=rng.randint(2, 7)))
            for _ in range(rng.choice(count))
        )

    return draw


def runs_of(symbols: str, lengths: range) -> Draw:
    return lambda rng: in_runs(rng, symbols, rng.choice(lengths))


WORDS = words_of(range(2, 6)), words_of(range(8, 12))
RUNS = runs_of("abcd", range(3, 13)), runs_of("abcd", range(20, 31))
VOWELS = frozenset("aeiou")


def text(name: str, rule: Callable[[str], str], draws: tuple[Draw, Draw]) -> Rule:
    """A rule with samples of one range of lengths; elsewhere about thrice as long."""
    return Rule(name, rule, *draws)


def shifted(x: str, by: int) -> str:
    return "".join(chr((ord(c) - 97 + by) % 26 + 97) for c in x)


def counted(x: str) -> str:
    return "".join(f"{c}{len(list(run))}" for c, run in groupby(x))


RULES = (
    text("upper case", str.upper, LETTERS),
    text("case swapped", str.swapcase, LETTERS),
    text("first letter capital", lambda x: x[0].upper() + x[1:], LOWER),
    text("each word capital", str.title, WORDS),
    text("vowels left out", lambda x: "".join(c for c in x if c not in VOWELS), LOWER),
    text("vowels alone", lambda x: "".join(c for c in x if c in VOWELS), LOWER),
    text("vowels to stars", lambda x: re.sub("[aeiou]", "*", x), LOWER),
    text("next letter", lambda x: shifted(x, 1), LOWER),
    text("letters shifted by thirteen", lambda x: shifted(x, 13), LOWER),
    text("letters shifted back by three", lambda x: shifted(x, -3), LOWER),
    text("alphabet mirrored", lambda x: "".join(chr(219 - ord(c)) for c in x), LOWER),
    text("each letter once", lambda x: "".join(dict.fromkeys(x)), FEW),
    text("runs made single", lambda x: "".join(c for c, _ in groupby(x)), RUNS),
    text("runs counted", counted, RUNS),
    text("letters sorted", lambda x: "".join(sorted(x)), LOWER),
    text("letters sorted downwards", lambda x: "".join(sorted(x, reverse=True)), LOWER),
    text("mirrored behind itself", lambda x: x + x[::-1], LETTERS),
    text("mirrored behind itself but once in the middle", lambda x: x + x[-2::-1], LETTERS),
    text("written backwards", lambda x: x[::-1], LETTERS),
    text("every second letter", lambda x: x[::2], LETTERS),
    text("every third letter from the second on", lambda x: x[1::3], LETTERS),
    text("even places, then odd", lambda x: x[::2] + x[1::2], LETTERS),
    text("each letter twice", lambda x: "".join(c * 2 for c in x), LETTERS),
    text("vowels twice", lambda x: re.sub("([aeiou])", r"\1\1", x), LOWER),
    text("bits complemented", lambda x: x.translate({48: 49, 49: 48}), BITS),
    text("bits sorted, ones first", lambda x: "".join(sorted(x))[::-1], BITS),
    text("exclusive or with the mirror",
        lambda x: "".join(str(int(a != b)) for a, b in zip(x, x[::-1], strict=False)), BITS),
    text("bits of neighbours compared",
        lambda x: "".join(str(int(a != b)) for a, b in pairwise(x)), BITS),
    text("digits to nine less", lambda x: "".join(str(9 - int(c)) for c in x), DIGITS),
    text("digits to their parity", lambda x: "".join(str(int(c) % 2) for c in x), DIGITS),
    text("digits alone", lambda x: "".join(c for c in x if c.isdigit()), MIXED),
    text("letters, then digits",
        lambda x: re.sub("[0-9]", "", x) + re.sub("[^0-9]", "", x), MIXED),
    text("a replaced by oo", lambda x: x.replace("a", "oo"), FEW),
    text("ab taken out", lambda x: x.replace("ab", ""), FEW),
    text("a and b exchanged", lambda x: x.translate({97: 98, 98: 97}), FEW),
    text("letters joined by dashes", "-".join, LOWER),
    text("first letter to the end", lambda x: x[1:] + x[0], LETTERS),
    text("first and last letter exchanged", lambda x: x[-1] + x[1:-1] + x[0], LETTERS),
    text("halves of a text exchanged", lambda x: x[len(x) // 2 :] + x[: len(x) // 2], LETTERS),
    text("ends cut off", lambda x: x[1:-1], LETTERS),
    text("order of words turned", lambda x: " ".join(x.split()[::-1]), WORDS),
    text("each word turned", lambda x: " ".join(w[::-1] for w in x.split()), WORDS),
    text("first letters of words", lambda x: "".join(w[0] for w in x.split()), WORDS),
    text("longest word, the first of equals", lambda x: max(x.split(), key=len), WORDS),
    text("words sorted", lambda x: " ".join(sorted(x.split())), WORDS),
    text("words of four letters or more",
        lambda x: " ".join(w for w in x.split() if len(w) >= 4), WORDS),
    text("length written before", lambda x: f"{len(x)}{x}", LETTERS),
    text("number of a's and of b's", lambda x: f"{x.count('a')},{x.count('b')}", FEW),
    text("up to the first a", lambda x: x.partition("a")[0], FEW),
    text("upper case at even places",
        lambda x: "".join(c.upper() if i % 2 == 0 else c for i, c in enumerate(x)), LOWER),
)  # fmt: skip
