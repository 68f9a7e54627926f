"""One production of the grammar: a typed operator and the Python it prints as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llmerm.search.values import Block, Mask


@dataclass(frozen=True, eq=False)
class Op:
    """One production: a typed operator and the Python it prints as. Its source is its meaning.

    Attributes:
        name: how it is called in tables; unique in a grammar.
        ret: the type of its value: "bool", "int", "big" (unbounded), "float", "str", or a list:
            "ints", "floats", "strs".
        args: the types of its arguments, which may also be types of literals.
        source: Python with {0}, {1}, ... for the arguments and x for the input. Where it raises
            for any sample, the expression has no value and is dropped.
        block: the same for whole numpy blocks (see `values`), or None to evaluate the source
            sample by sample.
        defined: for `block`: where the source would not raise; None for everywhere.
        weight: its share among the productions of its type, relative to the others.
        bits: a fixed cost instead of a share.
        needs: import statements that the source relies on.
        helpers: functions that the source calls; they are printed along.
        commutes: True if {0} and {1} can be exchanged.
        finish: the name of the goal-directed last step, if it has one.

    >>> Op("double", "str", ("str",), "{0} + {0}").source
    '{0} + {0}'
    """

    name: str
    ret: str
    args: tuple[str, ...]
    source: str
    block: Callable[..., Block] | None = None
    defined: Callable[..., Mask] | None = None
    weight: float = 1.0
    bits: float | None = None
    needs: tuple[str, ...] = ()
    helpers: tuple[Callable[..., Any], ...] = ()
    commutes: bool = False
    finish: str | None = None
