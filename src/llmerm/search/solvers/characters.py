"""Text made character by character: some changed, some dropped, letters shifted or exchanged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr, op_function
from llmerm.search.families import FAMILY_BITS
from llmerm.search.literals import gamma
from llmerm.search.op import Op
from llmerm.search.texts import table_bits, text_bits

FORM_BITS = {"rings": 2.0, "two ways": 1.0, "exchange": 3.0, "rewrite": 3.0}
"""What it costs to say how it is written."""

LARGEST_ALPHABET = 80
MOST_SAMPLES = 300

X = Op("x", "str", (), "x")
BASES: tuple[tuple[Expr, float], ...] = (
    (Expr(X), 1.0),
    (Expr(Op("reverse", "str", ("str",), "{0}[::-1]"), (Expr(X),)), 3.0),
    (Expr(Op("lower", "str", ("str",), "{0}.lower()"), (Expr(X),)), 3.0),
    (Expr(Op("upper", "str", ("str",), "{0}.upper()"), (Expr(X),)), 3.0),
)
"""What the characters are taken from, with their bits."""

CHANGES: Mapping[str, Callable[[str], str]] = {
    "c": lambda c: c,
    "''": lambda c: "",
    "c.upper()": str.upper,
    "c.lower()": str.lower,
    "c.swapcase()": str.swapcase,
    "c * 2": lambda c: c * 2,
    "c * 3": lambda c: c * 3,
}
"""What may become of a character; besides these, one and the same text."""

SETS: Mapping[str, Callable[[str], bool]] = {
    "c.isdigit()": str.isdigit,
    "c.isalpha()": str.isalpha,
    "c.isupper()": str.isupper,
    "c.islower()": str.islower,
    "c.isalnum()": str.isalnum,
    "c == ' '": lambda c: c == " ",
    "c in 'aeiou'": lambda c: c in "aeiou",
    "c in 'aeiouAEIOU'": lambda c: c in "aeiouAEIOU",
}
"""Sets of characters that have a name."""

CHANGE_BITS = math.log2(len(CHANGES) + 1)
SET_BITS = 1 + math.log2(len(SETS))
RINGS = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
"""Characters in a circle, in which a rule may shift them or count from the other end."""

Image = Mapping[str, str]
Form = tuple[float, Op]
"""The bits and the operator, whose argument is the text."""


class Characters:
    """Finds what becomes of each character, where that is the same wherever it stands.

    The programs keep or drop a set of characters, change those in a set in one way and the others
    in another, shift letters and digits in a circle, or exchange characters by a table.
    """

    name = "characters"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The forms that what becomes of each character can be written in, once."""
        if bank.unit != 1 or not all(type(v) is str for pair in samples for v in pair):
            return
        labels = [str(y) for y in samples.outputs]
        for base, base_bits in BASES:
            if clock.over:
                return
            texts = op_texts(base, [str(x) for x in samples.inputs])
            found = images(texts, labels)
            for form_bits, op in forms(found) if found and _changes(found) else ():
                bits = FAMILY_BITS[self.name] + base_bits + form_bits
                yield Candidate(Expr(op, (base,)), bits, self.name)


def _changes(found: Image) -> bool:
    """False where all characters stay as they are: the text itself is a shorter program."""
    return any(c != image for c, image in found.items())


def op_texts(base: Expr, inputs: Sequence[str]) -> list[str]:
    """What a base gives for each input."""
    return list(map(op_function(base.op), inputs))


def images(texts: Sequence[str], labels: Sequence[str]) -> Image | None:
    """What becomes of each character, or None where it depends on more than the character.

    >>> images(["ab", "ba", "aab"], ["1", "1", "11"])
    {'a': '1', 'b': ''}
    """
    alphabet = sorted(set("".join(texts)))
    if not alphabet or len(alphabet) > LARGEST_ALPHABET:
        return None
    sizes = _sizes(alphabet, texts, labels)
    found: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        ends = [0, *accumulate(sizes[c] for c in text)]
        if ends[-1] != len(label):
            return None
        for c, (start, stop) in zip(text, pairwise(ends), strict=True):
            if found.setdefault(c, label[start:stop]) != label[start:stop]:
                return None
    return dict(sorted(found.items()))


def _sizes(
    alphabet: Sequence[str], texts: Sequence[str], labels: Sequence[str]
) -> Mapping[str, int]:
    """The lengths of what becomes of characters: of those that fit the labels', the nearest to 1.

    A minimum-norm least squares solution, rounded.
    """
    if all(len(x) == len(y) for x, y in zip(texts, labels, strict=True)):
        return dict.fromkeys(alphabet, 1)
    some = list(zip(texts, labels, strict=True))[:MOST_SAMPLES]
    counts = [Counter(text) for text, _ in some]
    table = np.array([[count[c] for c in alphabet] for count in counts], float)
    more = np.array([len(y) - len(x) for x, y in some], float)
    solution = np.linalg.lstsq(table, more, rcond=None)[0]
    return {c: max(0, 1 + round(float(n))) for c, n in zip(alphabet, solution, strict=True)}


def forms(found: Image) -> Iterator[Form]:
    """The ways to write what becomes of each character."""
    yield from _rings(found)
    yield from _two_ways(found)
    yield from _table(found)


def _two_ways(found: Image) -> Iterator[Form]:
    """One change for the characters of a set, another for the rest."""
    for usual, change in CHANGES.items():
        members = [c for c, image in found.items() if image != change(c)]
        for special, bits in _special(members, found) if members else ():
            for test, set_bits in _tests(members, found):
                total = FORM_BITS["two ways"] + bits + CHANGE_BITS + set_bits
                yield total, _choosing(test, special, usual)


def _special(members: Sequence[str], found: Image) -> Iterator[tuple[str, float]]:
    """The changes that all of a set undergo."""
    for source, change in CHANGES.items():
        if all(found[c] == change(c) for c in members):
            yield source, CHANGE_BITS
    text = found[members[0]]
    if text and all(found[c] == text for c in members):
        yield repr(text), CHANGE_BITS + text_bits(text)


def _tests(members: Sequence[str], found: Image) -> Iterator[tuple[str, float]]:
    """Tests that hold for just these of the characters that were seen."""
    inside = set(members)
    for source, test in SETS.items():
        if {c for c in found if test(c)} == inside:
            yield source, SET_BITS
    bits = 1 + gamma(len(members)) + math.log2(math.comb(len(found), len(members)))
    text = "".join(members)
    yield (f"c == {text!r}" if len(text) == 1 else f"c in {text!r}"), bits


def _choosing(test: str, special: str, usual: str) -> Op:
    other = test.replace(" == ", " != ").replace(" in ", " not in ")
    other = other if other != test else f"not {test}"
    if special == "''":
        parts = f"{usual} for c in {{0}} if {other}"
    elif usual == "''":
        parts = f"{special} for c in {{0}} if {test}"
    else:
        parts = f"{special} if {test} else {usual} for c in {{0}}"
    return Op("each character", "label", ("str",), f"''.join({parts})")


def _rings(found: Image) -> Iterator[Form]:
    """All letters and digits shifted by as much, or each the mirror image of another."""
    rings = [ring for ring in RINGS if any(found.get(c, c) != c for c in ring)]
    others = set(found) - set("".join(rings))
    if not rings or any(found[c] != c for c in others):
        return
    for backwards in (False, True):
        turned = [_turned(ring, found, backwards=backwards) for ring in rings]
        if all(turned):
            yield _ring_bits(rings, turned), _translation("".join(rings), "".join(turned))


def _ring_bits(rings: Sequence[str], turned: Sequence[str]) -> float:
    """The bits of which rings, which direction, whether all are shifted alike, and the shifts."""
    shifts = {ring.index(t[0]) for ring, t in zip(rings, turned, strict=True)}
    each = rings if len(shifts) > 1 else rings[:1]
    which = math.log2(2 ** len(RINGS) - 1)
    return FORM_BITS["rings"] + which + 2 + sum(math.log2(len(ring)) for ring in each)


def _turned(ring: str, found: Image, *, backwards: bool) -> str:
    """The ring as it stands after the shift that all seen characters agree with, or ''."""
    order = ring[::-1] if backwards else ring
    for shift in range(len(ring)):
        turned = order[shift:] + order[:shift]
        if all(found.get(c, t) == t for c, t in zip(ring, turned, strict=True)):
            return turned
    return ""


def _translation(before: str, after: str) -> Op:
    return Op(
        "exchange", "label", ("str",), f"{{0}}.translate(str.maketrans({before!r}, {after!r}))"
    )


def _table(found: Image) -> Iterator[Form]:
    """Each character that changes, and what it becomes."""
    changed = {c: image for c, image in found.items() if image != c}
    if not changed:
        return
    bits = gamma(len(changed)) + math.log2(math.comb(len(found), len(changed)))
    if all(len(image) == 1 for image in changed.values()):
        bits += FORM_BITS["exchange"] + table_bits(list(changed.values()), "".join(found))
        yield bits, _translation("".join(changed), "".join(changed.values()))
    else:
        source = f"{{0}}.translate(str.maketrans({changed!r}))"
        bits += FORM_BITS["rewrite"] + sum(map(text_bits, changed.values()))
        yield bits, Op("rewrite", "label", ("str",), source)
