"""Operators on lists of whole numbers."""

from __future__ import annotations

import numpy as np

from llmerm.search import kernels
from llmerm.search.arrays import remainders, some, total, widened
from llmerm.search.helpers import components
from llmerm.search.op import Op

REDUCE = (
    Op("sum", "int", ("ints",), "sum({0})", lambda a: a.data.sum(-1, dtype=np.int64), weight=2),
    Op("list len", "int", ("ints",), "len({0})", lambda a: a.lengths, weight=2),
    Op("list max", "int", ("ints",), "max({0})", kernels.largest, kernels.not_empty, weight=2),
    Op("list min", "int", ("ints",), "min({0})", kernels.smallest, kernels.not_empty, weight=2),
    Op("list distinct", "int", ("ints",), "len(set({0}))", kernels.distinct),
    Op("list first", "int", ("ints",), "{0}[0]", kernels.first, kernels.not_empty),
    Op("list last", "int", ("ints",), "{0}[-1]", kernels.last, kernels.not_empty),
    Op(
        "list item",
        "int",
        ("ints", "place"),
        "{0}[{1}]",
        lambda a, k: kernels.first(kernels.cut(a, k, k + 1)),
        lambda a, k: a.lengths > k,
        weight=0.3,
    ),
    Op(
        "list at",
        "int",
        ("ints", "int"),
        "{0}[{1}]",
        kernels.item,
        kernels.has_place,
        weight=0.5,
    ),
    Op(
        "list index",
        "int",
        ("ints", "int"),
        "{0}.index({1})",
        lambda a, v: (a.data == v[..., None]).argmax(-1),
        lambda a, v: some((a.data == v[..., None]) & a.inside),
        weight=0.5,
    ),
    Op(
        "list max or 0",
        "int",
        ("ints",),
        "max({0}, default=0)",
        lambda a: np.where(a.lengths > 0, kernels.largest(a), 0),
        weight=0.5,
    ),
    Op(
        "list count",
        "int",
        ("ints", "num"),
        "{0}.count({1})",
        lambda a, c: total((a.data == c[..., None]) & a.inside),
    ),
)

MAP = (
    Op("list reverse", "ints", ("ints",), "{0}[::-1]", kernels.reverse),
    Op("list sorted", "ints", ("ints",), "sorted({0})", kernels.sort_list, weight=2),
    Op(
        "list tail",
        "ints",
        ("ints",),
        "{0}[1:]",
        lambda a: kernels.cut(a, np.ones_like(a.lengths), a.lengths),
    ),
    Op(
        "list init",
        "ints",
        ("ints",),
        "{0}[:-1]",
        lambda a: kernels.cut(a, np.zeros_like(a.lengths), np.maximum(a.lengths - 1, 0)),
    ),
    Op(
        "list prefix",
        "ints",
        ("ints", "place"),
        "{0}[:{1}]",
        lambda a, k: kernels.cut(a, np.zeros_like(a.lengths), np.broadcast_to(k, a.lengths.shape)),
        weight=0.5,
    ),
    Op("list evens", "ints", ("ints",), "{0}[::2]", lambda a: kernels.every_second(a, 0)),
    Op("list odds", "ints", ("ints",), "{0}[1::2]", lambda a: kernels.every_second(a, 1)),
    Op("unique", "ints", ("ints",), "sorted(set({0}))", kernels.unique),
    Op(
        "differences",
        "ints",
        ("ints",),
        "[b - a for a, b in zip({0}, {0}[1:])]",
        kernels.differences,
    ),
    Op(
        "zip +",
        "ints",
        ("ints", "ints"),
        "[a + b for a, b in zip({0}, {1})]",
        lambda a, b: kernels.zipped(a, b, np.add),
        commutes=True,
        weight=0.5,
    ),
    Op(
        "zip *",
        "ints",
        ("ints", "ints"),
        "[a * b for a, b in zip({0}, {1})]",
        lambda a, b: kernels.zipped(a, b, np.multiply),
        commutes=True,
        weight=0.5,
    ),
    Op(
        "running sums",
        "ints",
        ("ints",),
        "list(accumulate({0}))",
        kernels.running_sums,
        needs=("from itertools import accumulate",),
    ),
    Op(
        "squares",
        "ints",
        ("ints",),
        "[v * v for v in {0}]",
        lambda a: kernels.mapped(a, widened(a.data) ** 2),
    ),
    Op(
        "magnitudes",
        "ints",
        ("ints",),
        "[abs(v) for v in {0}]",
        lambda a: kernels.mapped(a, np.abs(a.data)),
        weight=0.5,
    ),
    Op(
        "map + c",
        "ints",
        ("ints", "place"),
        "[v + {1} for v in {0}]",
        lambda a, c: kernels.mapped(a, widened(a.data) + c[..., None]),
        weight=0.5,
    ),
    Op(
        "map * c",
        "ints",
        ("ints", "modulus"),
        "[v * {1} for v in {0}]",
        lambda a, c: kernels.mapped(a, widened(a.data) * c[..., None]),
        weight=0.5,
    ),
    Op(
        "map mod",
        "ints",
        ("ints", "modulus"),
        "[v % {1} for v in {0}]",
        lambda a, c: kernels.mapped(a, remainders(a.data, c)),
        weight=0.5,
    ),
    Op(
        "multiples",
        "ints",
        ("ints", "modulus"),
        "[v for v in {0} if v % {1} == 0]",
        lambda a, c: kernels.keep(a, remainders(a.data, c) == 0),
    ),
    Op(
        "others",
        "ints",
        ("ints", "modulus"),
        "[v for v in {0} if v % {1}]",
        lambda a, c: kernels.keep(a, remainders(a.data, c) != 0),
    ),
    Op(
        "above",
        "ints",
        ("ints", "num"),
        "[v for v in {0} if v > {1}]",
        lambda a, c: kernels.keep(a, a.data > c[..., None]),
    ),
    Op(
        "below",
        "ints",
        ("ints", "num"),
        "[v for v in {0} if v < {1}]",
        lambda a, c: kernels.keep(a, a.data < c[..., None]),
    ),
)

TESTS = (
    Op(
        "same list",
        "bool",
        ("ints", "ints"),
        "{0} == {1}",
        kernels.equal,
        commutes=True,
        finish="equal",
    ),
    Op(
        "has",
        "bool",
        ("ints", "num"),
        "{1} in {0}",
        lambda a, c: some((a.data == c[..., None]) & a.inside),
    ),
)

GRAPHS = (Op("components", "int", ("ints",), "components({0})", helpers=(components,), weight=0.5),)
"""Knowledge of a domain: the list is read as pairs of a graph's vertices."""
