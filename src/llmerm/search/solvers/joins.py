"""Lists joined from three parts: what begins the labels, what ends them, and what is between."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from llmerm.samples import Samples
from llmerm.search import kernels, list_kernels
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT
from llmerm.search.solvers.features import candidate
from llmerm.search.values import Array, Keys, Ragged

EVERY_BITS, FIRST_BITS = 2, 8
ROWS, MOST_BYTES = 4000, 16 << 20
ENDS = 24
HANDED_ON = 4


class Joins:
    """Solves `a + b + c` for the three lists; two are solved for as the last step."""

    name = "joins"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The cheapest lists that begin and end the labels, where the rest is a list too."""
        bits = bank.unit / UNIT
        if "ints" not in bank.target_blocks or bits < FIRST_BITS or bits % EVERY_BITS:
            return
        if "list concat" in bank.grammar:
            op = bank.grammar["list concat"]
            for rows in _parts(bank, clock)[:HANDED_ON]:
                first, middle, last = (bank.expr("ints", row) for row in rows)
                yield candidate(bank, Expr(op, (Expr(op, (first, middle)), last)), self.name)


def _parts(bank: Bank, clock: Clock) -> list[tuple[int, int, int]]:
    """The rows of the three parts, the first found first: rows are in order of cost."""
    column, goal = bank.columns["ints"], bank.target_blocks["ints"]
    rows = min(ROWS, MOST_BYTES // column.kind.row_bytes(column.samples))
    values = column.values[:rows]
    assert isinstance(values, Ragged)
    assert isinstance(goal, Ragged)
    some = (values.lengths > 0).any(1)
    begins, ends = list_kernels.begins(goal, values) & some, list_kernels.ends(goal, values) & some
    order = np.argsort(column.keys[:rows])
    found = []
    for first in np.flatnonzero(begins)[:ENDS].tolist():
        clock.check()
        for last in np.flatnonzero(ends)[:ENDS].tolist():
            start, stop = values.lengths[first], goal.lengths[0] - values.lengths[last]
            if (start <= stop).all():
                key = column.kind.keys(kernels.cut(goal, start[None], stop[None]))
                found += [(first, m, last) for m in _rows(column.keys[:rows], order, key[0])]
    return sorted(found, key=lambda rows: sum(bank.bits("ints", row) for row in rows))


def _rows(keys: Keys, order: Array, key: np.uint64) -> list[int]:
    """The row of this key, if there is one."""
    place = int(np.searchsorted(keys, key, sorter=order))
    return [int(order[place])] if place < len(order) and keys[order[place]] == key else []
