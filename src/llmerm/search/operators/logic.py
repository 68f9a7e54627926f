"""Truth values: connectives, and the families of tests whose constants the solvers fit."""

from __future__ import annotations

import numpy as np

from llmerm.search.helpers import accepts, reduces
from llmerm.search.op import Op

CONNECTIVES = (
    Op("not", "bool", ("bool",), "not {0}", np.logical_not),
    Op("and", "bool", ("bool", "bool"), "{0} and {1}", np.logical_and, commutes=True, finish="and"),
    Op("or", "bool", ("bool", "bool"), "{0} or {1}", np.logical_or, commutes=True, finish="or"),
    Op("xor", "bool", ("bool", "bool"), "{0} != {1}", np.not_equal, commutes=True, finish="xor"),
)

CONSTANT = (Op("true", "bool", (), "True", weight=0.2),)

FITTED = (
    Op(
        "parity of places",
        "int",
        ("str", "char", "places"),
        "sum({0}[i] == {1} for i in {2}) % 2",
        weight=0.4,
    ),
    Op(
        "parity of characters",
        "int",
        ("str", "words"),
        "sum(c in {1} for c in {0}) % 2",
        weight=0.5,
    ),
    Op(
        "parity of windows",
        "int",
        ("str", "place", "words"),
        "sum({0}[i:i + {1}] in {2} for i in range(len({0}))) % 2",
        weight=0.5,
    ),
    Op(
        "cancels",
        "bool",
        ("str", "pairs"),
        "reduces(list({0}), {1})",
        helpers=(reduces,),
        weight=0.5,
    ),
    Op(
        "blocks cancel",
        "bool",
        ("str", "place", "pairs"),
        "reduces([{0}[i:i + {1}] for i in range(0, len({0}), {1})], {2})",
        helpers=(reduces,),
        weight=0.5,
    ),
    Op(
        "accepts",
        "bool",
        ("str", "automaton"),
        "accepts({0}, {1})",
        helpers=(accepts,),
        weight=0.5,
    ),
)
