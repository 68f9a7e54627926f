"""Context-free languages, each by a grammar of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.grammars import Derivations, Grammar, read
from llmerm.tasks.graphs import Dice
from llmerm.tasks.strings import StringTask

_SOURCE = """\
def f(x):
    # ends[i][name]: the ends of the words of `name` that start at i, as the bits of a number.
    rules = {rules}
    ends = [dict.fromkeys(rules, 0) for _ in range(len(x) + 1)]

    def after(symbol, places):
        reached = 0
        for i in range(len(x) + 1):
            if places >> i & 1:
                if symbol in rules:
                    reached |= ends[i][symbol]
                elif x[i:i + 1] == symbol:
                    reached |= 2 << i
        return reached

    for i in reversed(range(len(x) + 1)):
        before = None
        while before != ends[i]:
            before = dict(ends[i])
            for name, bodies in rules.items():
                for body in bodies:
                    reached = 1 << i
                    for symbol in body:
                        reached = after(symbol, reached)
                    ends[i][name] |= reached
    return ends[0][{start!r}] >> len(x) & 1
"""


@final
@dataclass(frozen=True, kw_only=True)
class ContextFree(StringTask):
    """Label 1 when a context-free grammar derives the string. Bring your own grammar.

    Positives are uniform over the derivations of the length: over the words, where the grammar is
    unambiguous. Negatives are positives with one to three characters replaced, checked to be no
    words. The default derives balanced a ... b with any number of c between.
    Source: context-free languages, as any textbook has them; drawn by counting derivations.

    Attributes:
        rules: a line `NAME -> BODY | BODY` for each name; words start from the first. A body is
            names and single characters with spaces between them, or nothing.

    >>> ContextFree(n=5, rules="S -> a S b | c").label("aacbb")
    1
    """

    name: ClassVar[str] = "grammar"
    rules: str = "S -> a S b S | c S |"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.rules, str):
            raise TaskError(
                f"`rules` must be a text, got {self.rules!r:.60}. Try 'S -> a S b | c'."
            )
        if len(self.symbols) < 2:
            raise TaskError(f"`rules` needs at least 2 different characters, got {self.symbols!r}.")

    @property
    def grammar(self) -> Grammar:
        """The grammar that the rules say."""
        return _read(self.rules)

    @property
    def symbols(self) -> str:
        """The characters of the grammar."""
        return self.grammar.terminals

    def rule(self, x: str) -> int:
        """1 when the grammar derives `x`."""
        return int(self.grammar.accepts(x))

    def draw(self, label: int, m: int, rng: np.random.Generator) -> list[str]:
        """Words of the grammar, or such with a few characters replaced."""
        derivations, dice = _derivations(self.rules, self.n), Dice(rng)
        if not derivations.count(self.grammar.start, self.n):
            raise TaskError(
                f"the grammar derives no string of length n={self.n}. Try another n, or check "
                "`rules`."
            )
        words = (derivations.draw(self.n, dice.uniform) for _ in range(m))
        if label:
            return list(words)
        return [x for word in words if not self.rule(x := self._spoilt(word, dice))]

    def _spoilt(self, word: str, dice: Dice) -> str:
        characters = list(word)
        for place in dice.sample(range(self.n), min(self.n, 1 + dice.below(3))):
            characters[place] = dice.pick(self.symbols.replace(characters[place], ""))
        return "".join(characters)

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(_SOURCE.format(rules=dict(self.grammar.rules), start=self.grammar.start))


@lru_cache(maxsize=64)
def _read(rules: str) -> Grammar:
    return read(rules)


@lru_cache(maxsize=16)
def _derivations(rules: str, n: int) -> Derivations:
    return Derivations(_read(rules), n)
