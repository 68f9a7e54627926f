"""Operators on whole numbers, bounded and unbounded, and on floats."""

from __future__ import annotations

from functools import partial

import numpy as np

from llmerm.search.arrays import by_value
from llmerm.search.helpers import FASTER, is_prime, is_square
from llmerm.search.op import Op

ARITHMETIC = (
    Op("+", "int", ("int", "int"), "{0} + {1}", np.add, commutes=True, finish="sum"),
    Op("-", "int", ("int", "int"), "{0} - {1}", np.subtract, finish="difference"),
    Op("*", "int", ("int", "int"), "{0} * {1}", np.multiply, commutes=True, finish="product"),
    Op(
        "mod",
        "int",
        ("int", "modulus"),
        "{0} % {1}",
        np.mod,
        weight=4,
    ),
    Op(
        "mod int",
        "int",
        ("int", "int"),
        "{0} % {1}",
        lambda a, b: np.mod(a, np.where(b == 0, 1, b)),
        lambda a, b: np.broadcast_to(b != 0, np.broadcast_shapes(a.shape, b.shape)),
        weight=0.5,
    ),
    Op("div", "int", ("int", "modulus"), "{0} // {1}", np.floor_divide, weight=0.7),
    Op(
        "div int",
        "int",
        ("int", "int"),
        "{0} // {1}",
        lambda a, b: np.floor_divide(a, np.where(b == 0, 1, b)),
        lambda a, b: np.broadcast_to(b != 0, np.broadcast_shapes(a.shape, b.shape)),
        weight=0.5,
    ),
    Op("+ c", "int", ("int", "place"), "{0} + {1}", np.add, weight=0.7),
    Op("- c", "int", ("int", "place"), "{0} - {1}", np.subtract, weight=0.7),
    Op("* c", "int", ("int", "modulus"), "{0} * {1}", np.multiply),
    Op("constant", "int", ("num",), "{0}", lambda a: a, weight=0.5),
    Op("min", "int", ("int", "int"), "min({0}, {1})", np.minimum, commutes=True, weight=0.5),
    Op("max", "int", ("int", "int"), "max({0}, {1})", np.maximum, commutes=True, weight=0.5),
    Op("min c", "int", ("int", "cut"), "min({0}, {1})", np.minimum, weight=0.3),
    Op("max c", "int", ("int", "cut"), "max({0}, {1})", np.maximum, weight=0.3),
    Op(
        "gcd int",
        "int",
        ("int", "int"),
        "math.gcd({0}, {1})",
        np.gcd,
        needs=("import math",),
        commutes=True,
        weight=0.5,
    ),
    Op("abs", "int", ("int",), "abs({0})", np.abs, weight=0.5),
    Op(
        "root",
        "int",
        ("int",),
        "math.isqrt({0})",
        lambda a: np.sqrt(np.maximum(a, 0)).astype(np.int64),
        lambda a: a >= 0,
        needs=("import math",),
        weight=0.3,
    ),
    Op("if int", "int", ("bool", "int", "int"), "{1} if {0} else {2}", np.where, weight=0.5),
)

TESTS = (
    Op(
        "==",
        "bool",
        ("int", "int"),
        "{0} == {1}",
        np.equal,
        commutes=True,
        weight=1.5,
        finish="equal",
    ),
    Op(">", "bool", ("int", "int"), "{0} > {1}", np.greater, weight=1.5, finish="greater"),
    Op(">=", "bool", ("int", "int"), "{0} >= {1}", np.greater_equal, finish="greater"),
    Op("== c", "bool", ("int", "cut"), "{0} == {1}", np.equal, weight=4),
    Op("!= c", "bool", ("int", "cut"), "{0} != {1}", np.not_equal, weight=0.5),
    Op("> c", "bool", ("int", "cut"), "{0} > {1}", np.greater, weight=2),
    Op("< c", "bool", ("int", "cut"), "{0} < {1}", np.less, weight=2),
    Op(
        "between",
        "bool",
        ("cut", "int", "cut"),
        "{0} <= {1} <= {2}",
        lambda a, b, c: (a <= b) & (b <= c),
        weight=0.5,
    ),
    Op(
        "divides",
        "bool",
        ("int", "int"),
        "{0} % {1} == 0",
        lambda a, b: np.mod(a, np.where(b == 0, 1, b)) == 0,
        lambda a, b: np.broadcast_to(b != 0, np.broadcast_shapes(a.shape, b.shape)),
        weight=0.5,
    ),
)

PRIMES = (
    Op(
        "prime",
        "bool",
        ("int",),
        "is_prime({0})",
        partial(by_value, FASTER["is_prime"]),
        helpers=(is_prime,),
    ),
    Op(
        "square",
        "bool",
        ("int",),
        "is_square({0})",
        partial(by_value, FASTER["is_square"]),
        helpers=(is_square,),
        needs=("import math",),
    ),
)

DIGITS_OF = (
    Op("str", "str", ("int",), "str({0})", weight=2),
    Op("binary", "str", ("int",), "bin({0})[2:]", weight=1.5),
)
"""Text of an integer; `bin(-5)[2:]` is odd but defined, and what the printed source does."""

SMALL_FROM_TEXT = (
    Op("int", "int", ("str",), "int({0})", weight=2),
    Op("int base 2", "int", ("str",), "int({0}, 2)"),
)

BIG = (
    Op("big +", "big", ("big", "big"), "{0} + {1}", np.add, commutes=True),
    Op("big -", "big", ("big", "big"), "{0} - {1}", np.subtract),
    Op("big * big", "big", ("big", "big"), "{0} * {1}", np.multiply, commutes=True),
    Op("big + c", "big", ("big", "place"), "{0} + {1}", np.add),
    Op("big - c", "big", ("big", "place"), "{0} - {1}", np.subtract),
    Op("big * c", "big", ("big", "modulus"), "{0} * {1}", np.multiply),
    Op("big // c", "big", ("big", "modulus"), "{0} // {1}", np.floor_divide),
    Op("big mod", "int", ("big", "modulus"), "{0} % {1}", weight=2),
    Op("small", "int", ("big",), "{0}", weight=1.5),
    Op(
        "gcd",
        "big",
        ("big", "big"),
        "math.gcd({0}, {1})",
        needs=("import math",),
        commutes=True,
        weight=2,
    ),
    Op("big prime", "bool", ("big",), "is_prime({0})", helpers=(is_prime,)),
    Op(
        "big square",
        "bool",
        ("big",),
        "is_square({0})",
        helpers=(is_square,),
        needs=("import math",),
    ),
    Op("big >", "bool", ("big", "big"), "{0} > {1}", lambda a, b: (a > b).astype(np.bool_)),
)

BIG_FROM_TEXT = (
    Op("big int", "big", ("str",), "int({0})", weight=4),
    Op("big int base 2", "big", ("str",), "int({0}, 2)", weight=0.5),
)

RATIOS = (
    Op("ratio by c", "float", ("int", "modulus"), "{0} / {1}", np.true_divide, weight=2),
    Op(
        "ratio",
        "float",
        ("int", "int"),
        "{0} / {1}",
        lambda a, b: a / np.where(b == 0, 1, b),
        lambda a, b: np.broadcast_to(b != 0, np.broadcast_shapes(a.shape, b.shape)),
    ),
)

FLOATS = (
    Op("float +", "float", ("float", "float"), "{0} + {1}", np.add, commutes=True, weight=0.4),
    Op("float -", "float", ("float", "float"), "{0} - {1}", np.subtract, weight=0.4),
    Op("float *", "float", ("float", "float"), "{0} * {1}", np.multiply, commutes=True, weight=0.4),
    Op(
        "float /",
        "float",
        ("float", "float"),
        "{0} / {1}",
        lambda a, b: a / np.where(b == 0, 1, b),
        lambda a, b: np.broadcast_to(b != 0, np.broadcast_shapes(a.shape, b.shape)),
    ),
    Op("float + c", "float", ("float", "real"), "{0} + {1}", np.add),
    Op("float - c", "float", ("float", "real"), "{0} - {1}", np.subtract),
    Op("float * c", "float", ("float", "real"), "{0} * {1}", np.multiply),
    Op("float / c", "float", ("float", "modulus"), "{0} / {1}", np.true_divide),
    Op("abs float", "float", ("float",), "abs({0})", np.abs),
    Op(
        "if float",
        "float",
        ("bool", "float", "float"),
        "{1} if {0} else {2}",
        np.where,
        weight=0.5,
    ),
    Op("floor", "int", ("float",), "math.floor({0})", needs=("import math",)),
    Op("float >", "bool", ("float", "float"), "{0} > {1}", np.greater, finish="greater"),
    Op("float > c", "bool", ("float", "real"), "{0} > {1}", np.greater, weight=2),
    Op("float < c", "bool", ("float", "real"), "{0} < {1}", np.less, weight=2),
    Op(
        "float between",
        "bool",
        ("real", "float", "real"),
        "{0} <= {1} <= {2}",
        lambda a, b, c: (a <= b) & (b <= c),
        weight=0.5,
    ),
)
