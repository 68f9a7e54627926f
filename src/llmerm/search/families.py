"""The first choice that makes a program: which family it is of, and the bits of saying so."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FAMILY_BITS: Mapping[str, float] = MappingProxyType(
    {
        "expression": 1.0,
        "transform": 2.0,
        "constant": 4.0,
        "decisions": 4.0,
        "characters": 4.0,
        "windows": 4.0,
    }
)
"""The bits of each family, a prefix code: the sum of 2**-bits is 1.

An expression is of the grammar. A solver whose programs are no expressions of it is a family: a new
one needs a place here, and another has to make room for it.
"""
