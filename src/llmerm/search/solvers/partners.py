"""An operator on a list and a number, such as `[v for v in s if v > n]`, solved for the number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expand import apply_rows
from llmerm.search.expression import Expr
from llmerm.search.op import Op
from llmerm.search.solvers.features import candidate

LISTS = 2
NUMBERS, MOST_BYTES = 6000, 4 << 20
HANDED_ON = 3


class Partners:
    """Solves `op(s, n)` for the number n, where s is one of the bank's first lists."""

    name = "partners"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The new numbers with which an operator turns a list into the labels."""
        if bank.whole.truth is not None:
            return  # a truth value is compared, not computed
        for op in bank.grammar.ops:
            wanted = op.args == ("ints", "int") and op.ret in bank.target_blocks
            if wanted and op.block is not None:
                yield from (candidate(bank, expr, self.name) for expr in _solved(bank, op, clock))


def _solved(bank: Bank, op: Op, clock: Clock) -> Iterator[Expr]:
    fresh = bank.fresh("int")
    lists = bank.columns["ints"]
    size = max(1, MOST_BYTES // lists.kind.row_bytes(lists.samples))
    starts = range(fresh.start, min(fresh.stop, NUMBERS), size)
    for row, start in product(range(min(LISTS, lists.count)), starts):
        clock.check()
        numbers = np.arange(start, min(start + size, fresh.stop))
        done = apply_rows(bank, op, (np.full_like(numbers, row), numbers))
        if done is not None:
            keys = bank.columns[op.ret].kind.keys(done.block)
            for place in np.flatnonzero(keys == bank.target_keys[op.ret])[:HANDED_ON]:
                yield bank.applied(op, [int(rows[place]) for rows in done.rows])
