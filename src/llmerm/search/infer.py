"""Which operators and literals suit the inputs: by their type, alphabet and length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from llmerm.search.automata import Automata
from llmerm.search.leaves import read
from llmerm.search.literals import (
    Choices,
    Decimals,
    Literals,
    Naturals,
    PairSets,
    Programs,
    Subsets,
    Words,
    WordSets,
)
from llmerm.search.motifs import characters, motifs
from llmerm.search.op import Op
from llmerm.search.operators import (
    items,
    lists,
    logic,
    maps,
    numbers,
    parts,
    strings,
)
from llmerm.search.parts import list_kind
from llmerm.typing import Value

Choice: TypeAlias = tuple[tuple[Op, ...], dict[str, Literals[Any]], str]
"""What a grammar is made of: the operators, the literals by type, the alphabet."""

LARGEST_ALPHABET = 64
AUTOMATA_ALPHABET = 10
SMALL_DIGITS = 9
SMALL_BITS = 31


def choose(inputs: Sequence[Value], outputs: Sequence[Value]) -> Choice:
    """The operators, literals and alphabet for these samples.

    An input is a string, a number, a list of numbers or of strings, or a row (a dict, or values
    at fixed places); anything else is read as `str(x)`.
    """
    leaves = read(inputs)
    texts = _texts(inputs, leaves)
    alphabet = _alphabet(texts)
    ops = (*leaves, *logic.CONNECTIVES, *logic.CONSTANT, *_numbers(outputs, leaves))
    kinds = {leaf.ret for leaf in leaves}
    if "int" in kinds and "str" not in kinds:
        ops += numbers.DIGITS_OF
    if kinds & {"str", "strs", "int"}:
        ops += _strings(texts, alphabet)
    ops += _parts(kinds, outputs)
    if kinds & {"ints", "str", "strs"}:
        ops += (*lists.REDUCE, *lists.MAP, *lists.TESTS)
    if "ints" in kinds:
        ops += (*items.ALL, *maps.ALL)
    real = any(type(y) is float for y in outputs)  # a fitted line may fall
    return ops, _literals(alphabet, texts, signed=any(map(_any_negative, inputs)) or real), alphabet


def _literals(alphabet: str, texts: Sequence[str], *, signed: bool) -> dict[str, Literals[Any]]:
    numbers_only: dict[str, Literals[Any]] = {
        "num": Naturals(0),
        "place": Naturals(1),
        "modulus": Naturals(2),
        "cut": Decimals(signed=signed),
        "real": Decimals(signed=signed, whole=False),
        "mark": Choices(parts.MARKS, "str"),
        "each": Programs(),
    }
    if not alphabet:
        return numbers_only
    if len(alphabet) <= AUTOMATA_ALPHABET:
        numbers_only["automaton"] = Automata(alphabet)
    return numbers_only | {
        "char": Choices(tuple(alphabet), "str"),
        "word": Words(alphabet, likely=motifs(texts)),
        "places": Subsets(max(map(len, texts))),
        "words": WordSets(alphabet),
        "pairs": PairSets(alphabet),
    }


def _parts(kinds: set[str], outputs: Sequence[Value]) -> tuple[Op, ...]:
    """What suits lists of strings and of floats, and lists with a number beside them."""
    wanted = list_kind(outputs) == "strs"
    ops: tuple[Op, ...] = parts.OF_FLOATS if "floats" in kinds else ()
    if kinds >= {"ints", "int"}:
        ops += parts.WITH_NUMBER
    if "strs" in kinds or wanted:
        ops += (*parts.OF_STRINGS, *parts.LISTED)
    return ops + parts.SPLIT if wanted else ops


def _any_negative(value: object) -> bool:
    """True if a number below 0 is within an input: then constants may be negative too."""
    if isinstance(value, dict):
        return _any_negative(list(value.values()))
    if isinstance(value, (list, tuple)):
        numbers_only = set(map(type, value)) <= {int, float}
        return any(map(_any_negative, [min(value)] if numbers_only and value else value))
    return isinstance(value, (int, float)) and value < 0


def _numbers(outputs: Sequence[Value], leaves: Sequence[Op]) -> tuple[Op, ...]:
    kinds = {leaf.ret for leaf in leaves}
    ops: tuple[Op, ...] = (*numbers.ARITHMETIC, *numbers.TESTS, *numbers.PRIMES)
    if kinds & {"float", "floats"} or any(type(y) is float for y in outputs):
        ops += numbers.FLOATS
    if "int" in kinds and any(type(y) is float for y in outputs):
        ops += numbers.RATIOS
    if "big" in kinds or "str" in kinds:
        ops += numbers.BIG
    return ops


def _strings(texts: Sequence[str], alphabet: str) -> tuple[Op, ...]:
    empty = any(not text for text in texts)
    ops: tuple[Op, ...] = (
        *strings.SLICES,
        *(strings.CAREFUL_ENDS if empty else strings.ENDS),
        *strings.REARRANGED,
        *strings.COUNTS,
        *strings.TESTS,
        *strings.LISTS,
        *logic.FITTED,
    )
    for belongs, group in _GROUPS:
        if belongs(alphabet):
            ops += group
    return ops + _conversions(texts, alphabet)


def _conversions(texts: Sequence[str], alphabet: str) -> tuple[Op, ...]:
    """int(x) and int(x, 2): bounded where the longest input is short, else unbounded."""
    longest = max(map(len, texts), default=0)
    small, big = numbers.SMALL_FROM_TEXT, numbers.BIG_FROM_TEXT
    if set(alphabet) <= set("01"):
        return small[1:] if longest <= SMALL_BITS else big[1:]
    if set(alphabet) & set("0123456789"):
        return small[:1] if longest <= SMALL_DIGITS else big[:1]
    return ()


def _within(characters: str) -> Callable[[str], bool]:
    return lambda alphabet: set(alphabet) <= set(characters)


def _words_and_numbers(alphabet: str) -> bool:
    return any(c.isdigit() for c in alphabet) and not all(c.isdigit() for c in alphabet)


_GROUPS: tuple[tuple[Callable[[str], bool], tuple[Op, ...]], ...] = (
    (_within("01"), strings.BITS),
    (lambda alphabet: alphabet.isascii() and alphabet.isdigit(), strings.DIGITS),
    (lambda alphabet: any(c.isalpha() for c in alphabet), strings.LETTERS),
    (lambda alphabet: not alphabet.isalnum(), strings.PUNCTUATED),
    (_words_and_numbers, (*strings.NUMBERS_WITHIN, *lists.GRAPHS)),
)


def _texts(inputs: Sequence[Value], leaves: Sequence[Op]) -> list[str]:
    """The strings that the leaves give, as they are or in lists, for the alphabet."""
    texts: list[str] = []
    for leaf in leaves:
        if leaf.ret in ("str", "int", "strs"):
            part = eval(f"lambda x: {leaf.source}")
            values = [part(x) for x in inputs]
            texts += [text for v in values for text in (v if leaf.ret == "strs" else [str(v)])]
    return texts


def _alphabet(texts: Sequence[str]) -> str:
    """The characters that occur; of a very large alphabet, the most frequent."""
    counts = characters(texts)
    common = sorted(counts, key=lambda c: (-counts[c], c))[:LARGEST_ALPHABET]
    return "10" if set(common) == set("01") else "".join(sorted(common))
