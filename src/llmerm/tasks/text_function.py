"""Functions from text to text."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.tasks.composed import ComposedTask
from llmerm.tasks.graphs import Dice
from llmerm.typing import Value

_LONGEST_WORD = 8


@final
@dataclass(frozen=True, kw_only=True)
class TextFunction(ComposedTask):
    """A text out of a text of words: random operations in a row (swap, initials, upper case, ...).

    An input has n characters: random lower-case words of 1 to 8 letters with single spaces.
    Source: the kind of tasks of FlashFill (Gulwani, "Automating string processing in spreadsheets
    using input-output examples", 2011); operations and draws are this library's own.

    >>> TextFunction(n=11, steps=2, operations=("title", "turn")).label("hello world")
    'World Hello'
    """

    name: ClassVar[str] = "text_function"
    takes: ClassVar[type[str] | type[list[Value]]] = str
    smallest: ClassVar[int] = 3
    table: ClassVar[dict[str, str]] = {
        "reverse": "x[::-1]",
        "upper": "x.upper()",
        "title": "x.title()",
        "swap_case": "x.swapcase()",
        "turn": "' '.join(x.split()[::-1])",
        "hyphens": "x.replace(' ', '-')",
        "squeeze": "x.replace(' ', '')",
        "initials": "''.join(word[0] for word in x.split())",
        "sort_words": "' '.join(sorted(x.split()))",
        "last_first": "x.split()[-1] + ', ' + x.split()[0]",
        "longest": "max(x.split(), key=len)",
        "every_other": "x[::2].strip() or x",
        "no_vowels": "''.join(c for c in x if c not in 'aeiou').strip() or x",
        "brackets": "'(' + x + ')'",
    }
    n: int = 20

    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """Words with spaces between them."""
        dice = Dice(rng)
        return [self._words(dice) for _ in range(m)]

    def _words(self, dice: Dice) -> str:
        characters = [string.ascii_lowercase[dice.below(26)] for _ in range(self.n)]
        space = 1 + dice.below(_LONGEST_WORD)
        while space < self.n - 1:
            characters[space] = " "
            space += 2 + dice.below(_LONGEST_WORD)
        return "".join(characters)
