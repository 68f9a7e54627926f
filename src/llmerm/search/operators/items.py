"""Operators on lists of numbers as inputs: parts, orders, running values, what they come to."""

from __future__ import annotations

import numpy as np

from llmerm.search import kernels, list_kernels
from llmerm.search.arrays import remainders, total
from llmerm.search.op import Op

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
        "list every nth",
        "ints",
        ("ints", "num", "modulus"),
        "{0}[{1}::{2}]",
        kernels.strided,
        weight=0.3,
    ),
    Op(
        "list up to",
        "ints",
        ("ints", "int"),
        "{0}[:{1}]",
        lambda a, i: kernels.cut(a, np.zeros_like(a.lengths), kernels.counted_from_end(a, i)),
        weight=0.5,
    ),
    Op(
        "list beginning at",
        "ints",
        ("ints", "int"),
        "{0}[{1}:]",
        lambda a, i: kernels.cut(a, kernels.counted_from_end(a, i), a.lengths),
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
        list_kernels.short,
        needs=ACCUMULATE,
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
        lambda a: kernels.not_empty(a) & list_kernels.short(a),
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
        list_kernels.short,
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

ALL = (*PARTS, *ORDERS, *RUNNING, *REDUCE)
