"""One operator applied to all combinations of rows that cost what the level allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any, TypeAlias

import numpy as np

from llmerm.search.bank import Bank
from llmerm.search.expression import op_function
from llmerm.search.op import Op
from llmerm.search.values import Array, Block, Kind

CHUNK_BYTES = 1 << 20
"""The size of one block of results: large enough to hide numpy's overhead, small for the cache."""

Rows: TypeAlias = tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """An operator's values `block[K]` for the argument rows `rows[argument][K]`."""

    block: Block
    rows: Rows


def apply(bank: Bank, op: Op, units: int) -> Iterator[Applied]:
    """The operator's values for all arguments that cost `units` together, a chunk at a time."""
    if not op.args:
        if units == 0:
            yield from _leaf(bank, op)
        return
    size = max(1, CHUNK_BYTES // _row_bytes(bank, op))
    for rows in _combinations(bank, op, units, size):
        if (done := apply_rows(bank, op, rows)) is not None:
            yield done


def apply_rows(bank: Bank, op: Op, rows: Rows) -> Applied | None:
    """The operator's values for these argument rows, less those that it is not defined for."""
    done = (_blockwise if op.block else _by_sample)(bank, op, rows)
    if done is None:
        return None
    fits = bank.columns[op.ret].kind.fits(done.block)
    return done if fits.all() else _select(done, fits)


def _row_bytes(bank: Bank, op: Op) -> int:
    columns = [bank.columns[t] for t in (op.ret, *op.args) if t in bank.columns]
    return max(column.kind.row_bytes(column.samples) for column in columns)


def _select(done: Applied, where: Array) -> Applied:
    return Applied(done.block[where], tuple(rows[where] for rows in done.rows))


def _leaf(bank: Bank, op: Op) -> Iterator[Applied]:
    read = op_function(op)
    block = _encoded(bank.columns[op.ret].kind, lambda: [read(x) for x in bank.inputs])
    if block is not None and bank.columns[op.ret].kind.fits(block).all():
        yield Applied(block, ())


def _encoded(kind: Kind, values: Callable[[], list[Any]]) -> Block | None:
    """One row of values, or None where computing them raises or they do not fit the type."""
    try:
        return kind.encode(values())
    except Exception:  # whatever an operator's source may raise: the expression has no value
        return None


def _blockwise(bank: Bank, op: Op, rows: Rows) -> Applied | None:
    assert op.block is not None
    samples = len(bank.inputs)
    args = [bank.source(t).values[r] for t, r in zip(op.args, rows, strict=True)]
    if op.defined is not None:
        good = np.broadcast_to(op.defined(*args), (len(rows[0]), samples)).all(1)
        if not good.all():
            rows = tuple(r[good] for r in rows)
            args = [arg[good] for arg in args]
    if not len(rows[0]):
        return None
    kind = bank.columns[op.ret].kind
    with np.errstate(all="ignore"):  # what overflows does not fit and is dropped
        return Applied(kind.spread(op.block(*args), samples), rows)


def _by_sample(bank: Bank, op: Op, rows: Rows) -> Applied | None:
    """The same by the operator's source, for operators without a block form."""
    call = op_function(op)
    column = bank.columns[op.ret]
    store = column.kind.empty(len(rows[0]), len(bank.inputs))
    good: list[int] = []
    for k in range(len(rows[0])):
        args = [_values(bank, t, int(r[k])) for t, r in zip(op.args, rows, strict=True)]
        row = _encoded(column.kind, partial(_called, call, args))
        if row is not None:
            column.kind.put(store, len(good), row)
            good.append(k)
    return Applied(store[: len(good)], tuple(r[good] for r in rows)) if good else None


def _called(call: Callable[..., Any], args: list[list[Any]]) -> list[Any]:
    return [call(*values) for values in zip(*args, strict=True)]


def _values(bank: Bank, kind: str, row: int) -> list[Any]:
    if kind in bank.constants:
        return [bank.constants[kind].literals[row].value] * len(bank.inputs)
    column = bank.columns[kind]
    return column.kind.decode(column.values[row])


def _combinations(bank: Bank, op: Op, units: int, size: int) -> Iterator[Rows]:
    """Chunks of at most `size` argument rows whose costs sum to `units`."""
    pending: list[Rows] = []
    waiting = 0
    for slices in _splits(bank, op.args, units):
        for rows in _product(slices, size):
            if op.commutes:
                ordered = rows[0] <= rows[1]
                rows = tuple(r[ordered] for r in rows)
            pending.append(rows)
            waiting += len(rows[0])
            if waiting >= size:
                yield _joined(pending)
                pending, waiting = [], 0
    if waiting:
        yield _joined(pending)


def _joined(pending: list[Rows]) -> Rows:
    return tuple(np.concatenate(column) for column in zip(*pending, strict=True))


def _splits(bank: Bank, types: Sequence[str], units: int) -> Iterator[tuple[slice, ...]]:
    """The ways to share `units` among arguments of these types, as slices of their rows."""
    source = bank.source(types[0])
    if len(types) == 1:
        rows = source.level(units)
        if rows.start < rows.stop:
            yield (rows,)
        return
    for unit in source.units(units):
        for rest in _splits(bank, types[1:], units - unit):
            yield (source.level(unit), *rest)


def _product(slices: tuple[slice, ...], size: int) -> Iterator[Rows]:
    """All combinations of one row from each slice, at most `size` at a time."""
    lengths = [s.stop - s.start for s in slices]
    for start in range(0, prod(lengths), size):
        flat = np.arange(start, min(start + size, prod(lengths)))
        places = np.unravel_index(flat, lengths)
        yield tuple(p + s.start for p, s in zip(places, slices, strict=True))
