"""Regular languages, each as a finite automaton of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.base import as_tuple
from llmerm.tasks.strings import StringTask, to_strings

Moves = tuple[tuple[int, ...], ...]
"""By state, then by letter: the next state."""

_SOURCE = """\
def f(x):
    moves = {moves}
    state = 0
    for letter in x:
        state = moves[state][{letters!r}.index(letter)]
    return int(state in {accepting})
"""


@final
@dataclass(frozen=True, kw_only=True)
class Automaton(StringTask):
    """Label 1 when a finite automaton accepts; it starts in state 0. Bring your own automaton.

    Both classes are uniform over all strings of the length. The default accepts where the number
    of ones is a multiple of three.
    Source: regular languages, as any textbook has them; drawn by counting the walks.

    Attributes:
        moves: by state, then by letter, the next state.
        accepting: the states in which a string is accepted.
        letters: the alphabet, one character for each column of `moves`.

    >>> Automaton(n=4).label("0111")
    1
    """

    name: ClassVar[str] = "automaton"
    moves: Moves = ((0, 1), (1, 2), (2, 0))
    accepting: tuple[int, ...] = (0,)
    letters: str = "01"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "moves", tuple(map(as_tuple, as_tuple(self.moves))))
        object.__setattr__(self, "accepting", as_tuple(self.accepting))
        self._check_letters()
        self._check_states()

    def _check_letters(self) -> None:
        text = self.letters if isinstance(self.letters, str) else ""
        if len(text) < 2 or len(set(text)) < len(text):
            raise TaskError(
                f"`letters` must be at least 2 distinct characters, got {self.letters!r}. Try '01'."
            )

    def _check_states(self) -> None:
        last = len(self.moves) - 1
        for row in self.moves:
            if len(row) != len(self.letters) or not _all_within(row, last):
                raise TaskError(
                    f"each row of `moves` must hold {len(self.letters)} states (one a letter) out "
                    f"of 0 to {last}, got {row}."
                )
        if not _all_within(self.accepting, last):
            raise TaskError(f"`accepting` must be states out of 0 to {last}, got {self.accepting}.")

    @property
    def symbols(self) -> str:
        """The letters."""
        return self.letters

    def rule(self, x: str) -> int:
        """1 when the automaton accepts `x`."""
        state = 0
        for letter in x:
            state = self.moves[state][self.letters.index(letter)]
        return int(state in self.accepting)

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Uniform strings of the class, as walks that are weighed by how many ways go on."""
        moves, table = np.array(self.moves), _chances(self.moves, self._final(label), self.n)
        walk = np.empty((self.n, m), np.uint16)
        state = np.zeros(m, np.intp)
        for i, cumulative in enumerate(table):
            walk[i] = (rng.random(m) >= cumulative[:-1, state]).sum(axis=0)
            state = moves[state, walk[i]]
        letters = np.frombuffer(self.letters.encode("utf-32-le"), np.uint32)
        if self.letters.isascii():
            return to_strings(letters.astype(np.uint8)[walk.T])
        return ["".join(self.letters[i] for i in row) for row in walk.T.tolist()]

    def capacity(self, label: int) -> int:
        """How many strings have this label, exactly."""
        return _ways(self.moves, self._final(label), self.n)[-1][0]

    def _final(self, label: int) -> tuple[int, ...]:
        return tuple(s for s in range(len(self.moves)) if (s in self.accepting) == bool(label))

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(
            _SOURCE.format(moves=self.moves, letters=self.letters, accepting=self.accepting)
        )


def _all_within(states: tuple[object, ...], last: int) -> bool:
    return all(isinstance(state, int) and 0 <= state <= last for state in states)


def _ways(moves: Moves, final: tuple[int, ...], n: int) -> list[list[int]]:
    """By letters left, then by state: how many continuations end in one of the final states."""
    rows = [[int(state in final) for state in range(len(moves))]]
    for _ in range(n):
        rows.append([sum(rows[-1][after] for after in row) for row in moves])
    return rows


@lru_cache(maxsize=64)
def _chances(moves: Moves, final: tuple[int, ...], n: int) -> list[NDArray[np.float64]]:
    """By place: the (letters, states) cumulative shares of the continuations."""
    ways = _ways(moves, final, n)
    return [_cumulative(moves, ways[left]) for left in range(n - 1, -1, -1)]


def _cumulative(moves: Moves, ways: list[int]) -> NDArray[np.float64]:
    table = np.ones((len(moves[0]), len(moves)))
    for state, row in enumerate(moves):
        total, so_far = sum(ways[after] for after in row), 0
        for letter, after in enumerate(row):
            so_far += ways[after]
            table[letter, state] = so_far / total if total else 1.0
    return table
