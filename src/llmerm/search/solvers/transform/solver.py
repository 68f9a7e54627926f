"""Text from text, by a few examples: the shortest program of a language of text operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.emit import emit
from llmerm.search.expression import Expr, function
from llmerm.search.families import FAMILY_BITS
from llmerm.search.op import Op
from llmerm.search.solvers.transform.choices import choices
from llmerm.search.solvers.transform.concat import rows
from llmerm.search.solvers.transform.language import EACH, Hints, Language, separators
from llmerm.search.solvers.transform.pool import Found, Pool
from llmerm.search.solvers.transform.words import WORD, WordJoins
from llmerm.typing import Value

FIRST = 6
"""So many samples are looked at first; those that refute a program join them."""

ROUNDS = (2_000, 4_000, 8_000, 16_000, 30_000)
"""Evaluations in each round."""

ENOUGH = 2.25
"""A program of so many times the bits up to which all values are known is not improved on."""

MOST_ROUNDS = 5
HANDED_ON = 6
LONGEST = 400
SECONDS = 2.5
LARGEST_ROW = 8
WHOLE = Op("joined as they are", "str", ("strs", "mark"), "{1}.join({0})")
"""How `EACH` prints where nothing is done to the words."""

PLAIN = 45.0
"""A choice between two programs is tried where no single one costs less than this."""


class Transform:
    """Finds programs that write text: pieces of the inputs, changed and joined with constants.

    The bits of a program are those of the language, plus those to say that it is one.
    """

    name = "transform"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The shortest programs that give all labels, once, before the first level."""
        if bank.unit != 1 or not all(type(y) is str for y in samples.outputs):
            return
        columns = Columns.of(samples.inputs)
        if columns is None or max(len(str(y)) for y in samples.outputs) > LONGEST:
            return
        for found in _consistent(columns, samples, clock):
            source = columns.printed(found.expr)
            yield Candidate(
                found.expr, found.bits + FAMILY_BITS["transform"], self.name, source=source
            )


@dataclass(frozen=True)
class Columns:
    """The inputs by column, and how programs read each.

    Attributes:
        ops: one operator without arguments per column.
        values: the texts of each column.
        unpacked: True where the inputs are rows of a fixed number of places.
    """

    ops: tuple[Op, ...]
    values: tuple[tuple[str, ...], ...]
    unpacked: bool = False

    @classmethod
    def of(cls, inputs: Sequence[Value]) -> Columns | None:
        """The columns of texts or rows of texts and integers, or None for other inputs."""
        if all(type(x) is str for x in inputs):
            return cls((_leaf("x", text=True),), (tuple(map(str, inputs)),))
        rows_ = [_row(x) for x in inputs]
        names = list(rows_[0])
        if not names or any(list(row) != names for row in rows_) or len(names) > LARGEST_ROW:
            return None
        kept = [n for n in names if all(type(row[n]) in (str, int) for row in rows_)]
        ops = tuple(_leaf(n, text=all(type(row[n]) is str for row in rows_)) for n in kept)
        values = tuple(tuple(str(row[n]) for row in rows_) for n in kept)
        is_rows = all(isinstance(x, (tuple, list)) for x in inputs) and len(kept) == len(names)
        return cls(ops, values, is_rows) if kept else None

    def take(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """The columns of some of the samples."""
        return [tuple(column[i] for i in places) for column in self.values]

    def printed(self, expr: Expr) -> str:
        """The program, in which the places of a row have names."""
        expr = _plain(expr)
        if not self.unpacked:
            return emit(expr)
        names = "abcd" if len(self.ops) <= 4 else "abcdghjk"
        named = {op.name: name for op, name in zip(self.ops, names, strict=False)}
        shown = ", ".join(named.values()) + "," * (len(named) == 1)
        return emit(_renamed(expr, named), before=f"{shown} = x", taken=tuple(named.values()))


def _row(x: Value) -> dict[str, Value]:
    if isinstance(x, dict):
        return {f"x[{key!r}]": value for key, value in x.items()}
    return {f"x[{i}]": v for i, v in enumerate(x)} if isinstance(x, (tuple, list)) else {}


def _leaf(source: str, *, text: bool) -> Op:
    return Op(source, "str", (), source if text else f"str({source})", weight=16)


def _plain(expr: Expr) -> Expr:
    """The expression without operators that print as their argument, sums from the left."""
    if expr.op.source == "{0}" and expr.args:
        return _plain(expr.args[0])
    if expr.op.name == EACH.name and _plain(expr.args[2]).op is WORD:
        return Expr(WHOLE, tuple(map(_plain, expr.args[:2])))
    if expr.op.name != "joined":
        return Expr(expr.op, tuple(map(_plain, expr.args)), expr.value)
    total, rest = _plain(expr.args[0]), expr.args[1]
    while rest.op.name == "joined":
        total, rest = Expr(expr.op, (total, _plain(rest.args[0]))), rest.args[1]
    return Expr(expr.op, (total, _plain(rest)))


def _renamed(expr: Expr, names: dict[str, str]) -> Expr:
    if expr.op.name in names and not expr.args:
        source = re.sub(re.escape(expr.op.name), names[expr.op.name], expr.op.source)
        return Expr(Op(expr.op.name, "str", (), source))
    return Expr(expr.op, tuple(_renamed(arg, names) for arg in expr.args), expr.value)


def _consistent(columns: Columns, samples: Samples, clock: Clock) -> Iterator[Found]:
    """The programs found from a few samples that hold on all; what refutes them joins the few."""
    labels = [str(y) for y in samples.outputs]
    chosen = _first(labels)
    hurry = Clock(SECONDS)
    for _ in range(MOST_ROUNDS):
        found = solve(columns, chosen, labels, clock if len(labels) <= FIRST else hurry)
        wrong = {i for f in found if (i := _refuted(f, samples)) is not None}
        yield from (f for f in found if _refuted(f, samples) is None)
        if not wrong or len(wrong) < len(found) or clock.over or hurry.over:
            return
        chosen = [*chosen, *sorted(wrong - set(chosen))[:2]]


def _first(labels: Sequence[str]) -> list[int]:
    """Samples to begin with: of different lengths, the labels not too long."""
    order = sorted(range(len(labels)), key=lambda i: (len(labels[i]) > 40, i))
    return sorted(order[:FIRST])


def _refuted(found: Found, samples: Samples) -> int | None:
    call = function(found.expr)
    for i, (x, y) in enumerate(samples):
        try:
            if call(x) != y:
                return i
        except Exception:  # whatever an operator's source may raise
            return i
    return None


def solve(
    columns: Columns, chosen: Sequence[int], labels: Sequence[str], clock: Clock
) -> list[Found]:
    """The shortest programs found for some samples, cheapest first."""
    inputs, wanted = columns.take(chosen), [labels[i] for i in chosen]
    likely = separators(columns.take(range(len(labels)))[: len(inputs)])
    language = Language.over(columns.ops, likely)
    pool = Pool(language, inputs, Hints.of(inputs, wanted))
    joins = WordJoins(language, pool, wanted)
    found: list[Found] = []
    for evaluations in ROUNDS:
        more = pool.grow(evaluations, clock)
        found = _programs(language, pool, joins, wanted, clock) or found
        if (found and found[0].bits <= ENOUGH * pool.reached) or not more:
            break
    return found


def _programs(
    language: Language, pool: Pool, joins: WordJoins, labels: Sequence[str], clock: Clock
) -> list[Found]:
    values = [*pool.of("str"), *joins.found(clock)]
    found = list(rows(language, values, labels, HANDED_ON, clock))
    if not found or found[0].bits > PLAIN:
        found += choices(language, pool, values, labels, clock)
    return sorted(found, key=lambda f: f.bits)[:HANDED_ON]
