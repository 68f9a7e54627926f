"""Parities: of characters at some places, and of how often some windows occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.linear import bit_column, lightest
from llmerm.search.solvers.features import build, candidate, new_texts, strings

PLACE_TEXTS = 3
WINDOW_TEXTS = 16
MOST_PLACES = 2000
MOST_CHARACTERS = 8
LONGEST_WINDOW = 4
MOST_WINDOWS = 16
"""At most so many different windows of one length: with more unknowns than samples all fits."""


class Parity:
    """Solves affine equations over GF(2) for the places or the windows whose count is odd.

    Of all solutions the one with the fewest places counts (a minimum-weight member of a coset),
    which also finds the rule where there are fewer samples than unknowns.
    """

    name = "gf2"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The lightest solutions for each of the bank's first strings."""
        truth = bank.whole.truth
        if truth is None:
            return
        goal = bit_column(truth)
        for number, text in enumerate(new_texts(bank, WINDOW_TEXTS)):
            found = strings(text, samples)
            if found is not None:
                for expr in _windows(bank, text, found, goal, clock):
                    yield candidate(bank, expr, self.name)
                if bank.fresh("str").start + number < PLACE_TEXTS:
                    for expr in _places(bank, text, found, goal, clock):
                        yield candidate(bank, expr, self.name)


def _places(
    bank: Bank, text: Expr, found: Sequence[str], goal: int, clock: Clock
) -> Iterator[Expr]:
    length = min(min(map(len, found)), MOST_PLACES)
    alphabet = bank.grammar.alphabet
    characters = alphabet[:1] if len(alphabet) == 2 else alphabet[:MOST_CHARACTERS]
    for c in characters:
        columns = [bit_column(s[i] == c for s in found) for i in range(length)]
        for places, odd in lightest(columns, goal, len(found), clock):
            yield from _place_test(bank, text, c, tuple(places), odd)


def _place_test(
    bank: Bank, text: Expr, c: str, places: tuple[int, ...], odd: bool
) -> Iterator[Expr]:
    if len(places) == 1:
        test = build(bank, "character is", text, ("num", places[0]), ("char", c))
        if test is not None:
            yield test if odd else Expr(bank.grammar["not"], (test,))
    else:
        parity = build(bank, "parity of places", text, ("char", c), ("places", places))
        if parity is not None:
            yield _is_odd(bank, parity, odd)


def _windows(
    bank: Bank, text: Expr, found: Sequence[str], goal: int, clock: Clock
) -> Iterator[Expr]:
    alphabet = bank.grammar.alphabet
    shortest = 1 if len(alphabet) > 2 else 2  # of two characters, a count says all
    for length in range(shortest, LONGEST_WINDOW + 1):
        if len(alphabet) ** length > MOST_WINDOWS:
            return
        words = ["".join(word) for word in product(alphabet, repeat=length)]
        counts = [Counter(s[i : i + length] for i in range(len(s))) for s in found]
        columns = [bit_column(count[w] % 2 == 1 for count in counts) for w in words]
        for places, odd in lightest(columns, goal, len(found), clock):
            parity = _parity(bank, text, length, frozenset(words[i] for i in places))
            if parity is not None:
                yield _is_odd(bank, parity, odd)


def _parity(bank: Bank, text: Expr, length: int, chosen: frozenset[str]) -> Expr | None:
    if length == 1:
        return build(bank, "parity of characters", text, ("words", chosen))
    return build(bank, "parity of windows", text, ("place", length), ("words", chosen))


def _is_odd(bank: Bank, parity: Expr, odd: bool) -> Expr:
    """The parity itself where the labels are 0 and 1 and it is the label, else a comparison."""
    if odd and "int" in bank.target_blocks:
        return parity
    return Expr(bank.grammar["== c"], (parity, bank.grammar.literal("cut", int(odd))))
