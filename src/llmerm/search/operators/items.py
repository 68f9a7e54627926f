"""Operators on lists of numbers as inputs: parts, orders, maps, filters and what they sum up to."""

from __future__ import annotations

import numpy as np

from llmerm.search import kernels, list_kernels
from llmerm.search.arrays import compacted, divided, remainders, total, widened
from llmerm.search.op import Op
from llmerm.search.values import Array, Ragged

ACCUMULATE = ("from itertools import accumulate",)
GROUPBY = ("from itertools import groupby",)
REDUCE_FROM = ("from functools import reduce",)

PARTS = (
    Op("list concat", "ints", ("ints", "ints"), "{0} + {1}", kernels.joined, finish="concat"),
    Op(
        "list from",
        "ints",
        ("ints", "place"),
        "{0}[{1}:]",
        lambda a, k: kernels.cut(a, np.broadcast_to(k, a.lengths.shape), a.lengths),
        weight=0.5,
    ),
    Op(
        "list suffix",
        "ints",
        ("ints", "place"),
        "{0}[-{1}:]",
        lambda a, k: kernels.cut(a, np.maximum(a.lengths - k, 0), a.lengths),
        weight=0.5,
    ),
    Op(
        "list without suffix",
        "ints",
        ("ints", "place"),
        "{0}[:-{1}]",
        lambda a, k: kernels.cut(a, np.zeros_like(a.lengths), np.maximum(a.lengths - k, 0)),
        weight=0.3,
    ),
    Op(
        "list first half",
        "ints",
        ("ints",),
        "{0}[:len({0}) // 2]",
        lambda a: kernels.cut(a, np.zeros_like(a.lengths), a.lengths // 2),
    ),
    Op(
        "list second half",
        "ints",
        ("ints",),
        "{0}[len({0}) // 2:]",
        lambda a: kernels.cut(a, a.lengths // 2, a.lengths),
    ),
    Op(
        "interleaved",
        "ints",
        ("ints", "ints"),
        "[v for pair in zip({0}, {1}) for v in pair]",
        list_kernels.interleaved,
        weight=0.5,
    ),
    Op("list of one", "ints", ("int",), "[{0}]", list_kernels.single, weight=0.5),
    Op(
        "while at least",
        "ints",
        ("ints", "num"),
        "list(takewhile(lambda v: v >= {1}, {0}))",
        lambda a, c: list_kernels.before(a, a.data < c[..., None]),
        needs=("from itertools import takewhile",),
        weight=0.3,
    ),
)

ORDERS = (
    Op(
        "list without repeats",
        "ints",
        ("ints",),
        "[v for v, _ in groupby({0})]",
        lambda a: kernels.keep(a, kernels.run_starts(a)),
        needs=GROUPBY,
        weight=0.5,
    ),
    Op(
        "each once",
        "ints",
        ("ints",),
        "list(dict.fromkeys({0}))",
        lambda a: kernels.keep(a, list_kernels.first_seen(a)),
    ),
    Op(
        "list run lengths",
        "ints",
        ("ints",),
        "[len(list(g)) for _, g in groupby({0})]",
        kernels.run_lengths,
        needs=GROUPBY,
        weight=0.5,
    ),
    Op(
        "sorted by size",
        "ints",
        ("ints",),
        "sorted({0}, key=abs)",
        lambda a: list_kernels.ordered(a, np.abs(a.data)),
        weight=0.5,
    ),
    Op(
        "sorted by remainder",
        "ints",
        ("ints", "modulus"),
        "sorted({0}, key=lambda v: v % {1})",
        lambda a, c: list_kernels.ordered(a, remainders(a.data, c)),
        weight=0.3,
    ),
)

RUNNING = (
    Op(
        "running max",
        "ints",
        ("ints",),
        "list(accumulate({0}, max))",
        lambda a: list_kernels.running(a, np.maximum),
        needs=ACCUMULATE,
        weight=0.5,
    ),
    Op(
        "running min",
        "ints",
        ("ints",),
        "list(accumulate({0}, min))",
        lambda a: list_kernels.running(a, np.minimum),
        needs=ACCUMULATE,
        weight=0.5,
    ),
    Op(
        "running best",
        "ints",
        ("ints",),
        "list(accumulate({0}, lambda a, v: max(a + v, v)))",
        list_kernels.best_sums,
        needs=ACCUMULATE,
        weight=0.3,
    ),
)

EACH = (
    Op("indices", "ints", ("ints",), "list(range(len({0})))", list_kernels.indices),
    Op(
        "map //",
        "ints",
        ("ints", "modulus"),
        "[v // {1} for v in {0}]",
        lambda a, c: kernels.mapped(a, divided(a.data, c)),
        weight=0.5,
    ),
    Op(
        "negated",
        "ints",
        ("ints",),
        "[-v for v in {0}]",
        lambda a: kernels.mapped(a, -a.data),
        weight=0.5,
    ),
    Op(
        "signs",
        "ints",
        ("ints",),
        "[(v > 0) - (v < 0) for v in {0}]",
        lambda a: kernels.mapped(a, np.sign(a.data)),
        weight=0.5,
    ),
    Op(
        "map min",
        "ints",
        ("ints", "cut"),
        "[min(v, {1}) for v in {0}]",
        lambda a, c: kernels.mapped(a, np.minimum(widened(a.data), c[..., None])),
        weight=0.5,
    ),
    Op(
        "map max",
        "ints",
        ("ints", "cut"),
        "[max(v, {1}) for v in {0}]",
        lambda a, c: kernels.mapped(a, np.maximum(widened(a.data), c[..., None])),
        weight=0.5,
    ),
    Op(
        "map - int",
        "ints",
        ("ints", "int"),
        "[v - {1} for v in {0}]",
        lambda a, c: kernels.mapped(a, widened(a.data) - c[..., None]),
        weight=0.5,
    ),
    Op(
        "zip -",
        "ints",
        ("ints", "ints"),
        "[a - b for a, b in zip({0}, {1})]",
        lambda a, b: kernels.zipped(a, b, np.subtract),
        weight=0.3,
    ),
    Op(
        "counts of each",
        "ints",
        ("ints",),
        "[{0}.count(v) for v in {0}]",
        list_kernels.counts,
        weight=0.3,
    ),
    Op(
        "smaller ones",
        "ints",
        ("ints",),
        "[sum(w < v for w in {0}) for v in {0}]",
        lambda a: kernels.mapped(a, list_kernels.compared(a, np.less)),
        weight=0.3,
    ),
    Op(
        "smaller ones after",
        "ints",
        ("ints",),
        "[sum(w < v for w in {0}[i:]) for i, v in enumerate({0})]",
        lambda a: kernels.mapped(a, list_kernels.compared(a, np.less, after=True)),
        weight=0.3,
    ),
)

FILTERS = (
    Op(
        "above int",
        "ints",
        ("ints", "int"),
        "[v for v in {0} if v > {1}]",
        lambda a, c: kernels.keep(a, a.data > c[..., None]),
        weight=0.5,
    ),
    Op(
        "below int",
        "ints",
        ("ints", "int"),
        "[v for v in {0} if v < {1}]",
        lambda a, c: kernels.keep(a, a.data < c[..., None]),
        weight=0.5,
    ),
    Op(
        "other than int",
        "ints",
        ("ints", "int"),
        "[v for v in {0} if v != {1}]",
        lambda a, c: kernels.keep(a, a.data != c[..., None]),
        weight=0.5,
    ),
    Op(
        "where positive",
        "ints",
        ("ints", "ints"),
        "[a for a, b in zip({0}, {1}) if b > 0]",
        lambda a, b: _where(a, b, b.data > 0),
        weight=0.5,
    ),
    Op(
        "places of",
        "ints",
        ("ints", "ints"),
        "[i for i, v in enumerate({0}) if v in {1}]",
        lambda a, b: _places(a, b),
        weight=0.3,
    ),
)

REDUCE = (
    Op(
        "list product",
        "int",
        ("ints",),
        "math.prod({0})",
        list_kernels.product,
        needs=("import math",),
    ),
    Op(
        "list xor",
        "int",
        ("ints",),
        "reduce(xor, {0}, 0)",
        lambda a: np.bitwise_xor.reduce(a.data, axis=-1).astype(np.int64),
        needs=("from functools import reduce", "from operator import xor"),
        weight=0.5,
    ),
    Op(
        "list gcd",
        "int",
        ("ints",),
        "math.gcd(*{0})",
        lambda a: np.gcd.reduce(a.data, axis=-1).astype(np.int64),
        needs=("import math",),
        weight=0.5,
    ),
    Op(
        "list mode",
        "int",
        ("ints",),
        "max({0}, key={0}.count)",
        list_kernels.mode,
        kernels.not_empty,
        weight=0.5,
    ),
    Op(
        "list count int",
        "int",
        ("ints", "int"),
        "{0}.count({1})",
        lambda a, c: total((a.data == c[..., None]) & a.inside),
        weight=0.5,
    ),
    Op(
        "list in base",
        "int",
        ("ints", "modulus"),
        "reduce(lambda a, v: {1} * a + v, {0}, 0)",
        list_kernels.in_base,
        needs=REDUCE_FROM,
        weight=0.3,
    ),
    Op(
        "list agreements",
        "int",
        ("ints", "ints"),
        "sum(a == b for a, b in zip({0}, {1}))",
        kernels.agreements,
        commutes=True,
        weight=0.5,
    ),
    Op(
        "list ascents",
        "int",
        ("ints", "ints"),
        "sum(a < b for a, b in zip({0}, {1}))",
        lambda a, b: list_kernels.matches(a, b, np.less),
        weight=0.5,
    ),
)

SEARCHED = (
    Op("map each", "ints", ("ints", "each"), "[{1} for v in {0}]"),
    Op(
        "map each in place",
        "ints",
        ("ints", "each"),
        "[{1} for i, v in enumerate({0})]",
        weight=0.5,
    ),
    Op(
        "map each beside",
        "ints",
        ("ints", "each", "ints"),
        "[{1} for v, w in zip({0}, {2})]",
        weight=0.5,
    ),
    Op(
        "filter each beside",
        "ints",
        ("ints", "each", "ints"),
        "[v for v, w in zip({0}, {2}) if {1}]",
        weight=0.5,
    ),
    Op("filter each", "ints", ("ints", "each"), "[v for v in {0} if {1}]"),
    Op(
        "filter each in place",
        "ints",
        ("ints", "each"),
        "[v for i, v in enumerate({0}) if {1}]",
        weight=0.5,
    ),
)
"""What becomes of an item is a program of its own, which a solver finds."""

ALL = (*PARTS, *ORDERS, *RUNNING, *EACH, *FILTERS, *REDUCE, *SEARCHED)


def _where(left: Ragged, right: Ragged, mask: Array) -> Ragged:
    return kernels.keep(left, mask & right.inside)


def _places(numbers: Ragged, others: Ragged) -> Ragged:
    mask = list_kernels.member_places(numbers, others)
    places = np.arange(mask.shape[-1], dtype=np.int32)
    return Ragged(*compacted(np.broadcast_to(places, mask.shape), mask))
