"""Small automata: their code length, and the smallest one that gives samples their labels.

States are made only when a text needs them (lazy branching), so an automaton is met under one
numbering alone: that in which its states are first visited. All automata in the making advance
over a text together, as rows of one array.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from llmerm.search.clock import Clock
from llmerm.search.literals import Literals, gamma

CHUNK = 1 << 15
"""Automata that advance together; of more, one half waits."""

CALL = 200
"""What a numpy call costs beside its steps, in steps."""

BRANCHING = 4
"""What a new row costs, in steps."""

Table = NDArray[np.int8]


@dataclass(frozen=True)
class Automaton:
    """A deterministic finite automaton that starts in state 0.

    Attributes:
        following: for each state, the state that each character of the alphabet leads to.
        accepting: for each state, whether texts that end there are accepted.
    """

    following: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]


@dataclass(frozen=True)
class Automata(Literals[Automaton]):
    """Automata over an alphabet, printed as a list of (accepting, following) for each state."""

    alphabet: str
    kind: str = "none"

    def bits(self, value: Automaton) -> float:
        """The number of states in the gamma code, then which of the automata of that size.

        The n - 1 states that are not the start can be numbered in (n - 1)! ways, all of them the
        same automaton.
        """
        n = len(value.following)
        return gamma(n) + table_bits(n, len(self.alphabet))

    def source(self, value: Automaton) -> str:
        """A list of pairs."""
        rows = zip(value.accepting, value.following, strict=True)
        return f"[{', '.join(self._row(*row) for row in rows)}]"

    def _row(self, accepting: bool, following: tuple[int, ...]) -> str:
        return repr((accepting, dict(zip(self.alphabet, following, strict=True))))


def table_bits(states: int, characters: int) -> float:
    """The bits to say which automaton of this size it is.

    >>> table_bits(2, 2)
    6.0
    """
    numbered = states * characters * math.log2(states) + states
    return numbered - math.log2(math.factorial(states - 1))


class _Spent(Exception):
    """There is no work left to be done."""


@dataclass
class _Budget:
    left: int
    clock: Clock

    def spend(self, rows: int) -> None:
        self.left -= rows + CALL
        self.clock.check()
        if self.left < 0:
            raise _Spent


class _Partial(NamedTuple):
    """Automata in the making, one a row; -1 marks what is not decided yet."""

    following: Table
    accepting: Table
    used: Table

    def take(self, rows: NDArray[np.int64]) -> _Partial:
        return _Partial(*(part[rows] for part in self))


def consistent(
    texts: Sequence[str],
    truth: Sequence[bool],
    *,
    alphabet: str,
    states: int,
    work: int,
    clock: Clock,
) -> Iterator[Automaton]:
    """The automata of at most `states` states that accept the texts where `truth` holds.

    Args:
        texts: over the alphabet.
        truth: for each text, whether it is to be accepted.
        alphabet: the characters.
        states: how many states there may be.
        work: steps of automata to compute at most; beyond it the search gives up.
        clock: raises `Halt` when the time is over.

    >>> found = consistent(["", "1", "11"], [False, True, False], alphabet="1", states=2,
    ...                    work=9999, clock=Clock(9))
    >>> next(found)
    Automaton(following=((1,), (0,)), accepting=(False, True))
    """
    words = _words(texts, truth, alphabet)
    waiting, budget = [(0, _empty(states, len(alphabet)))], _Budget(work, clock)
    with suppress(_Spent):
        while waiting:
            number, partial = waiting.pop()
            if number == len(words):
                yield from _automata(partial, states)
                continue
            word, accepted = words[number]
            partial = _labelled(*_advanced(partial, word, states, budget), accepted=accepted)
            waiting += [(number + 1, part) for part in reversed(_chunks(partial))]


def _words(
    texts: Sequence[str], truth: Sequence[bool], alphabet: str
) -> list[tuple[list[int], bool]]:
    """The texts as numbers of characters, short ones first and the two classes in turn."""
    sides = [
        sorted({t for t, yes in zip(texts, truth, strict=True) if bool(yes) == side}, key=_size)
        for side in (False, True)
    ]
    ranked = [(len(t), i, t, bool(side)) for side in (0, 1) for i, t in enumerate(sides[side])]
    return [([alphabet.index(c) for c in t], side) for _, _, t, side in sorted(ranked)]


def _size(text: str) -> tuple[int, str]:
    return len(text), text


def _empty(states: int, characters: int) -> _Partial:
    return _Partial(
        np.full((1, states * characters), -1, np.int8),
        np.full((1, states), -1, np.int8),
        np.ones(1, np.int8),
    )


def _advanced(
    partial: _Partial, word: Sequence[int], states: int, budget: _Budget
) -> tuple[_Partial, Table]:
    """The automata after reading a word, each with the state it is in."""
    width = partial.following.shape[1]
    characters = width // states
    state = np.zeros(len(partial.used), np.int8)
    base = np.arange(len(state)) * width
    for c in word:
        budget.spend(len(state))
        target = partial.following.reshape(-1)[base + state.astype(np.int64) * characters + c]
        if (target < 0).any():
            budget.spend(len(state) * states * BRANCHING)
            partial, state, target = _branched(partial, state, target, c, states)
            base = np.arange(len(target)) * width
        state = target
    return partial, state


def _branched(
    partial: _Partial, state: Table, target: Table, c: int, states: int
) -> tuple[_Partial, Table, Table]:
    """The automata with every choice of a state to go to, where none is set; at most one is new."""
    choices = np.where(target < 0, np.minimum(partial.used + 1, states), 1)
    rows = np.repeat(np.arange(len(target)), choices)
    option = np.arange(len(rows)) - np.repeat(np.cumsum(choices) - choices, choices)
    open_ = target[rows] < 0
    target = np.where(open_, option, target[rows]).astype(np.int8)
    partial, state = partial.take(rows), state[rows]
    characters = partial.following.shape[1] // states
    partial.following[np.arange(len(rows)), state.astype(np.int64) * characters + c] = target
    used = np.maximum(partial.used, target + 1).astype(np.int8)
    return partial._replace(used=used), state, target


def _labelled(partial: _Partial, state: Table, *, accepted: bool) -> _Partial:
    """The automata in which the state may be labelled so, and now is."""
    rows = np.arange(len(state))
    known = partial.accepting[rows, state]
    partial = partial.take(np.flatnonzero((known < 0) | (known == accepted)))
    kept = state[(known < 0) | (known == accepted)]
    partial.accepting[np.arange(len(kept)), kept] = accepted
    return partial


def _chunks(partial: _Partial) -> list[_Partial]:
    count = len(partial.used)
    starts = range(0, count, CHUNK)
    return [partial.take(np.arange(start, min(start + CHUNK, count))) for start in starts]


def _automata(partial: _Partial, states: int) -> Iterator[Automaton]:
    """The rows as automata of the states in use; what no text needs goes back to the start."""
    characters = partial.following.shape[1] // states
    for following, accepting, used in zip(*partial, strict=True):
        rows = np.maximum(following.reshape(states, characters)[:used], 0).tolist()
        labels = tuple(label > 0 for label in accepting[:used].tolist())
        yield Automaton(tuple(map(tuple, rows)), labels)
