"""Context-free grammars: read from text, counted, drawn from, and recognised."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import inf

from llmerm.errors import TaskError

Body = tuple[str, ...]
"""What a name can become: names and characters, in order."""


@dataclass(frozen=True)
class Grammar:
    """Rules by name; the first name is where words start.

    >>> read("S -> a S b | c").terminals
    'abc'
    """

    rules: Mapping[str, tuple[Body, ...]]

    @property
    def start(self) -> str:
        """The name that words start from."""
        return next(iter(self.rules))

    @cached_property
    def terminals(self) -> str:
        """The characters of its words, in order."""
        symbols = {s for bodies in self.rules.values() for body in bodies for s in body}
        return "".join(sorted(symbols - self.rules.keys()))

    @cached_property
    def least(self) -> dict[str, float]:
        """The length of the shortest word of each symbol; infinite where there is none."""
        least: dict[str, float] = dict.fromkeys(self.rules, inf) | dict.fromkeys(self.terminals, 1)
        for _ in self.rules:  # each round settles at least one name more
            for name, bodies in self.rules.items():
                least[name] = min(sum(least[symbol] for symbol in body) for body in bodies)
        return least

    def accepts(self, word: str) -> bool:
        """Whether the word can be derived: by sets of ends for each place, last place first."""
        where = {c: sum(1 << i for i, d in enumerate(word) if c == d) for c in self.terminals}
        ends: list[dict[str, int]] = [{} for _ in range(len(word) + 1)]
        for place in range(len(word), -1, -1):
            here = ends[place] = dict.fromkeys(self.rules, 0)
            while any([self._extends(name, place, here, where, ends) for name in self.rules]):
                pass
        return bool(ends[0][self.start] >> len(word) & 1)

    def _extends(
        self,
        name: str,
        place: int,
        here: dict[str, int],
        where: Mapping[str, int],
        ends: list[dict[str, int]],
    ) -> bool:
        """Whether the name reaches new ends from this place; they are noted in `here`."""
        before = here[name]
        for body in self.rules[name]:
            reached = 1 << place
            for symbol in body:
                if symbol in where:
                    reached = (reached & where[symbol]) << 1
                else:
                    reached = _union(ends, symbol, reached)
                if not reached:
                    break
            here[name] |= reached
        return here[name] != before


def _union(ends: list[dict[str, int]], name: str, places: int) -> int:
    """All ends of the name from any of the places, both as bits of a number."""
    reached = 0
    while places:
        lowest = places & -places
        reached |= ends[lowest.bit_length() - 1][name]
        places ^= lowest
    return reached


def read(text: str) -> Grammar:
    """The grammar that a text says: a line `NAME -> BODY | BODY` for each name.

    A body is names and single characters with spaces between them, or nothing.

    Raises:
        TaskError: if a line is none, a name comes twice, or a symbol is neither.
    """
    rules: dict[str, tuple[Body, ...]] = {}
    for line in filter(str.strip, text.splitlines()):
        name, arrow, bodies = line.partition("->")
        if not arrow or len(name.split()) != 1 or name.strip() in rules:
            raise TaskError(
                f"`rules` has the line {line!r:.60}, expected one `NAME -> BODY | BODY` a name. "
                "Try 'S -> a S b | c'."
            )
        rules[name.strip()] = tuple(tuple(body.split()) for body in bodies.split("|"))
    symbols = {s for bodies in rules.values() for body in bodies for s in body}
    long = sorted(s for s in symbols - rules.keys() if len(s) != 1)
    if long or not rules:
        raise TaskError(
            f"`rules` uses {', '.join(long) or 'no name at all'}, expected names that have a line "
            "of their own, and single characters."
        )
    return Grammar(rules)


class Derivations:
    """The derivations of all words of up to a length: how many, and a random one.

    Raises:
        TaskError: if a name derives itself, so that there are infinitely many.
    """

    def __init__(self, grammar: Grammar, longest: int) -> None:
        self._grammar = grammar
        self._counts: dict[tuple[str | Body, int], int | None] = {}
        self._choices: dict[tuple[str | Body, int], list[float]] = {}
        for length in range(longest + 1):
            for name in grammar.rules:
                self.count(name, length)

    def count(self, symbol: str, length: int) -> int:
        """How many derivations of words of this length a symbol has."""
        if symbol not in self._grammar.rules:
            return int(length == 1)
        if (symbol, length) not in self._counts:
            self._counts[symbol, length] = None
            bodies = self._grammar.rules[symbol]
            self._counts[symbol, length] = sum(self._body(body, length) for body in bodies)
        found = self._counts[symbol, length]
        if found is None:
            raise TaskError(
                f"in these `rules` {symbol} derives itself, so its words have infinitely many "
                "derivations. Take out the empty body or the single name that allows it."
            )
        return found

    def _body(self, body: Body, length: int) -> int:
        if not body:
            return int(length == 0)
        if (body, length) not in self._counts:
            splits = self._splits(body, length)
            self._counts[body, length] = sum(
                self.count(body[0], k) * self._body(body[1:], length - k) for k in splits
            )
        return self._counts[body, length] or 0

    def _splits(self, body: Body, length: int) -> range:
        """The lengths that the first symbol can have."""
        least = self._grammar.least
        first, rest = least[body[0]], sum(least[symbol] for symbol in body[1:])
        return range(0) if first + rest > length else range(int(first), length - int(rest) + 1)

    def draw(self, length: int, coin: Callable[[], float]) -> str:
        """The word of a uniform derivation; `coin` gives uniform numbers in [0, 1)."""
        word: list[str] = []
        stack: list[tuple[Body, int]] = [((self._grammar.start,), length)]
        while stack:
            body, left = stack.pop()
            if not body:
                continue
            first, k = body[0], self._first_length(body, left, coin)
            stack.append((body[1:], left - k))
            if first in self._grammar.rules:
                stack.append((self._chosen_body(first, k, coin), k))
            else:
                word.append(first)
        return "".join(word)

    def _first_length(self, body: Body, length: int, coin: Callable[[], float]) -> int:
        splits = self._splits(body, length)
        if len(splits) == 1:
            return splits[0]
        if (body, length) not in self._choices:
            self._choices[body, length] = _cumulative(
                [self.count(body[0], k) * self._body(body[1:], length - k) for k in splits]
            )
        return splits[bisect_right(self._choices[body, length], coin())]

    def _chosen_body(self, name: str, length: int, coin: Callable[[], float]) -> Body:
        bodies = self._grammar.rules[name]
        if (name, length) not in self._choices:
            self._choices[name, length] = _cumulative([self._body(b, length) for b in bodies])
        return bodies[bisect_right(self._choices[name, length], coin())]


def _cumulative(weights: list[int]) -> list[float]:
    """The shares of the weights, added up; correctly rounded, so a weight of 0 has no share."""
    total = sum(weights)
    return [so_far / total for so_far in accumulate(weights)]
