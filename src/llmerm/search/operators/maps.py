"""Operators that make a list from the items of another: maps, filters, and items compared."""

from __future__ import annotations

import numpy as np

from llmerm.search import kernels, list_kernels
from llmerm.search.arrays import compacted, divided, widened
from llmerm.search.op import Op
from llmerm.search.values import Array, Ragged

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
        list_kernels.short,
        weight=0.3,
    ),
    Op(
        "smaller ones",
        "ints",
        ("ints",),
        "[sum(w < v for w in {0}) for v in {0}]",
        lambda a: kernels.mapped(a, list_kernels.compared(a, np.less)),
        list_kernels.short,
        weight=0.3,
    ),
    Op(
        "smaller ones after",
        "ints",
        ("ints",),
        "[sum(w < v for w in {0}[i:]) for i, v in enumerate({0})]",
        lambda a: kernels.mapped(a, list_kernels.compared(a, np.less, after=True)),
        list_kernels.short,
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
        list_kernels.short,
        weight=0.3,
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

ALL = (*EACH, *FILTERS, *SEARCHED)


def _where(left: Ragged, right: Ragged, mask: Array) -> Ragged:
    return kernels.keep(left, mask & right.inside)


def _places(numbers: Ragged, others: Ragged) -> Ragged:
    mask = list_kernels.member_places(numbers, others)
    places = np.arange(mask.shape[-1], dtype=np.int32)
    return Ragged(*compacted(np.broadcast_to(places, mask.shape), mask))
