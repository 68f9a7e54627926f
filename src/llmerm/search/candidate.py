"""A program that the search found, with what it costs and who found it."""

from __future__ import annotations

from dataclasses import dataclass

from llmerm.search.expression import Expr


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program in the grammar.

    Attributes:
        expr: what it computes.
        bits: its description length: -log2 of its probability under the grammar.
        origin: "enumeration", "last step" or the name of a solver.
        consistent: True if it gives every training label.
        source: it as Python that stands alone; filled in by the engine.
    """

    expr: Expr
    bits: float
    origin: str
    consistent: bool = True
    source: str = ""
