"""Operators on strings over any alphabet, on bit strings, on digits and on text."""

from __future__ import annotations

import numpy as np

from llmerm.search import kernels
from llmerm.search.arrays import total
from llmerm.search.op import Op
from llmerm.search.values import Array, Ragged

GROUPBY = ("from itertools import groupby",)
REGEX = ("import re",)

SLICES = (
    Op("reverse", "str", ("str",), "{0}[::-1]", kernels.reverse, weight=2),
    Op("tail", "str", ("str",), "{0}[1:]", lambda s: kernels.cut(s, _one(s), s.lengths)),
    Op(
        "init",
        "str",
        ("str",),
        "{0}[:-1]",
        lambda s: kernels.cut(s, _none(s), np.maximum(s.lengths - 1, 0)),
    ),
    Op(
        "first half",
        "str",
        ("str",),
        "{0}[:len({0}) // 2]",
        lambda s: kernels.cut(s, _none(s), s.lengths // 2),
    ),
    Op(
        "second half",
        "str",
        ("str",),
        "{0}[len({0}) // 2:]",
        lambda s: kernels.cut(s, s.lengths // 2, s.lengths),
    ),
    Op("evens", "str", ("str",), "{0}[::2]", lambda s: kernels.every_second(s, 0)),
    Op("odds", "str", ("str",), "{0}[1::2]", lambda s: kernels.every_second(s, 1)),
    Op("every nth", "str", ("str", "num", "modulus"), "{0}[{1}::{2}]", kernels.strided, weight=0.3),
    Op(
        "first share",
        "str",
        ("str", "modulus"),
        "{0}[:len({0}) // {1}]",
        lambda s, k: kernels.cut(s, _none(s), s.lengths // k),
        weight=0.3,
    ),
    Op(
        "last share",
        "str",
        ("str", "modulus"),
        "{0}[len({0}) - len({0}) // {1}:]",
        lambda s, k: kernels.cut(s, s.lengths - s.lengths // k, s.lengths),
        weight=0.3,
    ),
    Op(
        "prefix",
        "str",
        ("str", "place"),
        "{0}[:{1}]",
        lambda s, k: kernels.cut(s, _none(s), np.broadcast_to(k, s.lengths.shape)),
        weight=0.5,
    ),
    Op(
        "from",
        "str",
        ("str", "place"),
        "{0}[{1}:]",
        lambda s, k: kernels.cut(s, k, s.lengths),
        weight=0.5,
    ),
    Op(
        "suffix",
        "str",
        ("str", "place"),
        "{0}[-{1}:]",
        lambda s, k: kernels.cut(s, np.maximum(s.lengths - k, 0), s.lengths),
        weight=0.5,
    ),
    Op(
        "character",
        "str",
        ("str", "place"),
        "{0}[{1}]",
        lambda s, k: kernels.cut(s, k, k + 1),
        lambda s, k: s.lengths > k,
        weight=0.3,
    ),
    Op(
        "character from end",
        "str",
        ("str", "place"),
        "{0}[-{1}]",
        lambda s, k: kernels.cut(s, np.maximum(s.lengths - k, 0), np.maximum(s.lengths - k, 0) + 1),
        lambda s, k: s.lengths >= k,
        weight=0.3,
    ),
)
"""Parts of a string; those by absolute places have a small share, so relative ones come first."""

ENDS = (
    Op(
        "first",
        "str",
        ("str",),
        "{0}[0]",
        lambda s: kernels.cut(s, _none(s), _one(s)),
        kernels.not_empty,
    ),
    Op(
        "last",
        "str",
        ("str",),
        "{0}[-1]",
        lambda s: kernels.cut(s, np.maximum(s.lengths - 1, 0), s.lengths),
        kernels.not_empty,
    ),
)

CAREFUL_ENDS = (
    Op("first", "str", ("str",), "{0}[:1]", lambda s: kernels.cut(s, _none(s), _one(s))),
    Op(
        "last",
        "str",
        ("str",),
        "{0}[-1:]",
        lambda s: kernels.cut(s, np.maximum(s.lengths - 1, 0), s.lengths),
    ),
)
"""Where an input is empty, the first and last character are slices, which may be empty too."""

REARRANGED = (
    Op("sorted", "str", ("str",), "''.join(sorted({0}))", kernels.sort_text),
    Op(
        "without repeats",
        "str",
        ("str",),
        "''.join(c for c, _ in groupby({0}))",
        lambda s: kernels.keep(s, kernels.run_starts(s)),
        needs=GROUPBY,
    ),
    Op("delete", "str", ("str", "char"), "{0}.replace({1}, '')", lambda s, c: _drop(s, c)),
    Op(
        "strip",
        "str",
        ("str", "char"),
        "{0}.strip({1})",
        lambda s, c: kernels.strip_left(kernels.strip_right(s, _char(c)), _char(c)),
        weight=0.5,
    ),
    Op(
        "strip left",
        "str",
        ("str", "char"),
        "{0}.lstrip({1})",
        lambda s, c: kernels.strip_left(s, _char(c)),
        weight=0.5,
    ),
    Op(
        "strip right",
        "str",
        ("str", "char"),
        "{0}.rstrip({1})",
        lambda s, c: kernels.strip_right(s, _char(c)),
        weight=0.5,
    ),
    Op("concat", "str", ("str", "str"), "{0} + {1}", kernels.joined, weight=0.5),
    Op(
        "padded",
        "str",
        ("str", "char"),
        "{1} + {0} + {1}",
        lambda s, c: kernels.joined(kernels.joined(c, s), c),
        weight=0.5,
    ),
    Op("quoted", "str", ("char",), "{0}", lambda c: c, weight=0.5),
)

COUNTS = (
    Op("len", "int", ("str",), "len({0})", lambda s: s.lengths, weight=3),
    Op("half length", "int", ("str",), "len({0}) // 2", lambda s: s.lengths // 2),
    Op(
        "count",
        "int",
        ("str", "char"),
        "{0}.count({1})",
        lambda s, c: kernels.count_character(s, _char(c)),
        weight=4,
    ),
    Op("count apart", "int", ("str", "word"), "{0}.count({1})", kernels.count_apart),
    Op(
        "count word",
        "int",
        ("str", "word"),
        "sum({0}.startswith({1}, i) for i in range(len({0})))",
        lambda s, w: total(kernels.occurrences(s, w)),
    ),
    Op(
        "runs",
        "int",
        ("str",),
        "len(list(groupby({0})))",
        lambda s: total(kernels.run_starts(s)),
        needs=GROUPBY,
    ),
    Op(
        "runs of",
        "int",
        ("str", "char"),
        "sum(c == {1} for c, _ in groupby({0}))",
        lambda s, c: total(kernels.run_starts(s) & (s.data == _char(c)[..., None])),
        needs=GROUPBY,
    ),
    Op(
        "longest run",
        "int",
        ("str",),
        "max((len(list(g)) for _, g in groupby({0})), default=0)",
        lambda s: kernels.longest_run(s, s.inside),
        needs=GROUPBY,
    ),
    Op(
        "longest run of",
        "int",
        ("str", "char"),
        "max((len(list(g)) for c, g in groupby({0}) if c == {1}), default=0)",
        lambda s, c: kernels.longest_run(s, s.data == _char(c)[..., None]),
        needs=GROUPBY,
    ),
    Op("distinct", "int", ("str",), "len(set({0}))", kernels.distinct),
    Op("find", "int", ("str", "word"), "{0}.find({1})", kernels.find),
    Op("rfind", "int", ("str", "word"), "{0}.rfind({1})", kernels.rfind),
    Op(
        "agreements",
        "int",
        ("str", "str"),
        "sum(a == b for a, b in zip({0}, {1}))",
        kernels.agreements,
        commutes=True,
    ),
    Op(
        "differing places",
        "int",
        ("str", "str"),
        "sum(a != b for a, b in zip({0}, {1}))",
        lambda s, t: total((s.data != t.data) & s.inside & t.inside),
        commutes=True,
    ),
)

TESTS = (
    Op("contains", "bool", ("str", "word"), "{1} in {0}", kernels.contains, weight=2),
    Op(
        "lacks",
        "bool",
        ("str", "word"),
        "{1} not in {0}",
        lambda s, w: ~kernels.contains(s, w),
        weight=0.7,
    ),
    Op(
        "character is",
        "bool",
        ("str", "num", "char"),
        "{0}[{1}] == {2}",
        lambda s, k, c: kernels.cut(s, k, k + 1).data[..., 0] == _char(c),
        lambda s, k, c: s.lengths > k,
    ),
    Op("starts with", "bool", ("str", "word"), "{0}.startswith({1})", kernels.starts_with),
    Op("ends with", "bool", ("str", "word"), "{0}.endswith({1})", kernels.ends_with),
    Op(
        "same text",
        "bool",
        ("str", "str"),
        "{0} == {1}",
        kernels.equal,
        commutes=True,
        weight=2,
        finish="equal",
    ),
)

LISTS = (
    Op(
        "run lengths",
        "ints",
        ("str",),
        "[len(list(g)) for _, g in groupby({0})]",
        kernels.run_lengths,
        needs=GROUPBY,
    ),
    Op(
        "steps",
        "ints",
        ("str", "char"),
        "[1 if c == {1} else -1 for c in {0}]",
        lambda s, c: kernels.steps(s, _char(c)),
        weight=0.7,
    ),
    Op(
        "positions",
        "ints",
        ("str", "char"),
        "[i for i, c in enumerate({0}) if c == {1}]",
        lambda s, c: kernels.positions(s, _char(c)),
    ),
)

BITS = (
    Op(
        "flip",
        "str",
        ("str",),
        "{0}.translate({48: '1', 49: '0'})",
        lambda s: Ragged(np.where(s.inside, 99 - s.data, 0).astype(s.data.dtype), s.lengths),
        weight=0.5,
    ),
)

DIGITS = (
    Op(
        "digits",
        "ints",
        ("str",),
        "[int(c) for c in {0}]",
        kernels.digits,
        kernels.all_digits,
        weight=2,
    ),
    Op(
        "digit sum",
        "int",
        ("str",),
        "sum(map(int, {0}))",
        lambda s: kernels.digits(s).data.sum(-1, dtype=np.int64),
        kernels.all_digits,
        weight=2,
    ),
)

LETTERS = (
    Op("lower", "str", ("str",), "{0}.lower()"),
    Op("upper", "str", ("str",), "{0}.upper()"),
    Op("uppercase", "int", ("str",), "sum(c.isupper() for c in {0})"),
    Op("letters", "int", ("str",), "sum(c.isalpha() for c in {0})"),
    Op("vowels", "int", ("str",), "sum(c in 'aeiou' for c in {0}.lower())"),
)

PUNCTUATED = (
    Op("digit count", "int", ("str",), "sum(c.isdigit() for c in {0})"),
    Op("first field", "str", ("str", "char"), "{0}.split({1})[0]"),
    Op("last field", "str", ("str", "char"), "{0}.split({1})[-1]"),
    Op("words", "int", ("str",), "len({0}.split())"),
)

NUMBERS_WITHIN = (
    Op(
        "numbers",
        "ints",
        ("str",),
        "[int(t) for t in re.findall('[0-9]+', {0})]",
        needs=REGEX,
        weight=2,
    ),
)


def _char(character: Ragged) -> Array:
    """The code of a one-character literal, `[..., 1]` samples wide."""
    return character.data[..., 0]


def _none(text: Ragged) -> Array:
    return np.zeros_like(text.lengths)


def _one(text: Ragged) -> Array:
    return np.ones_like(text.lengths)


def _drop(text: Ragged, character: Ragged) -> Ragged:
    return kernels.without(text, _char(character))
