"""Texts in which each character became another: circles of letters, mirrored ones, tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.operators.translated import RINGS
from llmerm.search.solvers.features import build, candidate, new_texts, strings

TEXTS = 12


class Characters:
    """Solves `s.translate(table)` for the table, or for the circles of letters that it turns."""

    name = "characters"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shorter of the two, for each of the bank's first strings."""
        if "str" not in bank.target_blocks or "translated" not in bank.grammar:
            return
        for text in _inputs(bank) if bank.unit == 1 else new_texts(bank, TEXTS):
            clock.check()
            found = strings(text, samples)
            table = None if found is None else replacements(found, samples.outputs)
            for expr in _expressions(bank, text, table) if table else ():
                yield candidate(bank, expr, self.name)


def _inputs(bank: Bank) -> Iterator[Expr]:
    """The inputs' own strings: looked at before all else, as that takes no time."""
    return (Expr(op) for op in bank.grammar.ops if op.ret == "str" and not op.args)


def replacements(texts: list[str], labels: tuple[object, ...]) -> dict[str, str] | None:
    """What each character became, if it always became the same one.

    >>> replacements(["abba"], ("xyyx",))
    {'a': 'x', 'b': 'y'}
    """
    table: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        if len(text) != len(str(label)):
            return None
        for before, after in zip(text, str(label), strict=True):
            if table.setdefault(before, after) != after:
                return None
    return table


def _expressions(bank: Bank, text: Expr, table: Mapping[str, str]) -> Iterator[Expr]:
    changed = {before: after for before, after in table.items() if before != after}
    if not changed or not set(changed) <= set(bank.grammar.alphabet):
        return
    before = "".join(sorted(changed))
    listed = (before, "".join(changed[c] for c in before))
    for expr in (build(bank, "translated", text, ("table", listed)), _turned(bank, text, table)):
        if expr is not None:
            yield expr


def _turned(bank: Bank, text: Expr, table: Mapping[str, str]) -> Expr | None:
    """The text with the circles turned or mirrored in which a character changed, if that is all."""
    expr: Expr | None = text
    left = {before for before, after in table.items() if before != after}
    for ring in RINGS:
        here = {before: after for before, after in table.items() if before in ring}
        if left & set(here):
            expr = expr and _turned_ring(bank, expr, ring, here)
            left -= set(here)
    return None if left else expr


def _turned_ring(bank: Bank, text: Expr, ring: str, table: Mapping[str, str]) -> Expr | None:
    for by in range(1, len(ring)):
        if all(ring[(ring.index(c) + by) % len(ring)] == after for c, after in table.items()):
            return build(bank, "rotated", text, ("ring", ring), ("place", by))
    if all(ring[-1 - ring.index(c)] == after for c, after in table.items()):
        return build(bank, "mirrored", text, ("ring", ring))
    return None
