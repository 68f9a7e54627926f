"""The language of text programs for given inputs: its grammar, and the constants worth trying."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmerm.search.expression import Expr
from llmerm.search.grammar import Grammar
from llmerm.search.literals import Choices, Literals, Naturals
from llmerm.search.op import Op
from llmerm.search.operators import text
from llmerm.search.texts import CLASSES, TOKENS, Phrases, Places

EACH = Op("each", "str", ("strs", "mark", "each"), "{1}.join({2} for w in {0})", weight=1.5)
"""A program for each word, and the results joined."""

MARKS = ("", " ", "-", "_", ", ", ".", "/", ",", "0", "*")
COMMON = (" ", ", ", ".", "-", "/", "_", ":", ": ", ". ", "(", ")", ",", "@", "#", "; ", "...")
"""Constants that often stand between pieces."""

DECIMALS = (".2f", ".1f", ".0f", ".3f")
MOST_WORDS = 6
MOST_SEPARATORS = 14
MOST_NEW = 3
FEW_CHARACTERS = 4
"""Where inputs have no more different characters, they may be cut at each."""

SIZES = range(1, 13)
PLACES = (0, -1, 1, -2, 2, -3, 3, -4, 4, 5)


@dataclass(frozen=True)
class Hints:
    """Constants worth trying: what a search looks at, not what the language can say.

    Attributes:
        separators: texts of the inputs at which they may be cut.
        marks: texts of the labels that may stand between pieces.
        widths: lengths that numbers in the labels have.
    """

    separators: tuple[str, ...]
    marks: tuple[str, ...]
    widths: tuple[int, ...]

    @classmethod
    def of(cls, inputs: Sequence[Sequence[str]], labels: Sequence[str]) -> Hints:
        """What the inputs (one sequence per column) and the labels suggest."""
        return cls(
            separators(inputs),
            tuple(dict.fromkeys(["", *_marks(labels), *MARKS[1:4], *_new(inputs, labels)])),
            _widths(labels),
        )

    def literals(self, kind: str, separator: str | None) -> Iterator[Any]:
        """The constants of a type to try on a value; its separators are tried one by one."""
        if kind == "sep":
            yield separator
        elif kind == "mark":
            yield from self.marks
        elif kind == "width":
            yield from self.widths
        else:
            yield from _FIXED.get(kind, ())


_FIXED: dict[str, Sequence[Any]] = {
    "index": PLACES,
    "size": SIZES,
    "token": tuple(pattern for pattern, _ in TOKENS.table),
    "class": tuple(pattern for pattern, _ in CLASSES.table),
    "digits": DECIMALS,
    "factor": (2, 3),
}


def _widths(labels: Sequence[str]) -> tuple[int, ...]:
    """The lengths of numbers in labels, and that of the labels where it is the same for all."""
    runs = {len(run) for y in labels for run in re.findall(r"\d+", y)}
    sizes = set(map(len, labels))
    return tuple(sorted((runs | (sizes if len(sizes) == 1 else set())) - {0, 1}))


def separators(columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The texts at which inputs may be cut: punctuation, and words that all of a column have."""
    texts = [s for column in columns for s in column]
    found = Counter(c for s in texts for c in set(s) if not c.isalnum())
    pairs = Counter(p for s in texts for p in set(re.findall(r"[^\w\s]\s+|\s+[^\w\s]\s+", s)))
    single = [c for c, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))]
    longer = [p for p, count in sorted(pairs.items()) if count > len(texts) // 4]
    shared = [w for column in columns for w in _shared(column)]
    few = sorted(set("".join(texts)))
    letters = few if len(few) <= FEW_CHARACTERS else []
    return tuple(dict.fromkeys([*single[:MOST_SEPARATORS], *longer[:4], *letters, *shared]))


def _shared(column: Sequence[str]) -> list[str]:
    """The longest texts with a letter or digit that are in every string of a column."""
    if len(set(column)) < 2:
        return []
    shortest = min(column, key=len)[:100]
    spans = ((i, j) for j in range(len(shortest), 0, -1) for i in range(j))
    common = {shortest[i:j] for i, j in spans if all(shortest[i:j] in s for s in column)}
    longest = sorted(common, key=lambda w: (-len(w), w))
    kept: list[str] = []
    for word in longest:
        if any(c.isalnum() for c in word) and not any(word in other for other in kept):
            kept.append(word)
    return kept[:MOST_WORDS]


def _marks(labels: Sequence[str]) -> tuple[str, ...]:
    """The runs of punctuation within labels, and the single characters in them."""
    runs = Counter(run for y in labels for run in set(re.findall(r"[\W_]+", y)))
    common = [run for run, _ in sorted(runs.items(), key=lambda item: (-item[1], item[0]))]
    return tuple(dict.fromkeys([*common[:6], *(c for run in common[:6] for c in run)]))[:8]


def _new(inputs: Sequence[Sequence[str]], labels: Sequence[str]) -> list[str]:
    """The letters and digits of labels that no input has."""
    seen = {c for column in inputs for text in column for c in text}
    counts = Counter(c for y in labels for c in set(y) - seen if c.isalnum())
    return sorted(counts, key=lambda c: (-counts[c], c))[:MOST_NEW]


@dataclass(frozen=True, eq=False)
class Language:
    """A grammar over given leaves, with the constants and their bits looked up once."""

    grammar: Grammar
    leaves: tuple[Expr, ...]
    _literals: dict[tuple[str, object], tuple[Expr, float]] = field(default_factory=dict)

    @classmethod
    def over(cls, leaves: Sequence[Op], likely: Sequence[str], *, each: bool = True) -> Language:
        """The language whose inputs are `leaves`, with likely separators."""
        ops = (*leaves, *text.ALL, *((EACH,) if each else ()))
        families: dict[str, Literals[Any]] = {
            "index": Places(),
            "size": Naturals(1),
            "width": Naturals(1),
            "factor": Naturals(2),
            "sep": Phrases(tuple(likely)),
            "mark": Phrases(MARKS),
            "text": Phrases(COMMON),
            "token": TOKENS,
            "class": CLASSES,
            "digits": Choices(DECIMALS, "str"),
            "each": Naturals(0),  # stands for a program of this language over w
        }
        grammar = Grammar(ops, families)
        return cls(grammar, tuple(Expr(grammar[leaf.name]) for leaf in leaves))

    def literal(self, kind: str, value: object) -> tuple[Expr, float]:
        """A constant, and its bits."""
        found = self._literals.get((kind, value))
        if found is None:
            expr = self.grammar.literal(kind, value)
            found = self._literals[kind, value] = (expr, self.grammar.cost(expr.op))
        return found

    def cost(self, name: str) -> float:
        """The bits of an operator."""
        return self.grammar.cost(self.grammar[name])
