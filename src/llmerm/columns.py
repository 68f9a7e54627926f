"""Rows of a table, kept in columns: a row is made each time that it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import eq
from types import NoneType
from typing import Any, TypeAlias, cast, final, overload

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import DataError
from llmerm.typing import Value
from llmerm.values import are_plain, as_value, key

Cells: TypeAlias = "Sequence[object] | NDArray[Any]"
"""The cells of a column as they come in, not yet looked at."""
Column: TypeAlias = "NDArray[Any] | tuple[Value, ...]"
"""The cells of a column as they are kept: an array of int64, float64 or bool, or plain atoms."""

_DTYPES: dict[type, type] = {int: np.int64, float: np.float64, bool: np.bool_}
_ATOMS = {str, int, float, bool, NoneType}
_CHUNK = 1_024  # rows that are made together
_MOST_BYTES = 8  # of a number that int64 or float64 holds exactly


@final
@dataclass(frozen=True, eq=False, repr=False)
class Rows(Sequence[Value]):
    """A table's rows: dicts by column, or lists by place, of plain atoms.

    Numbers take their 8 bytes each, truth values one, and a part of the rows shares them. Every
    row that is handed out is the caller's own. Make them with `Rows.of` and its like, which
    refuse what is not plain; all cells are then as `as_value` would give them.

    Attributes:
        names: of the columns; None where rows are lists.
        cells: of each column, one a row; there is at least one column.

    >>> rows = Rows.of({"a": [1, 2], "b": ["x", None]})
    >>> rows[1], rows[:1]
    ({'a': 2, 'b': None}, Rows(1 row of a, b))
    """

    names: tuple[str, ...] | None
    cells: tuple[Column, ...]

    @classmethod
    def of(cls, columns: Mapping[str, Cells]) -> Rows | None:
        """The rows of named columns of one length, or None if some cell is no plain atom.

        >>> Rows.of({"a": [float("inf")]}) is None
        True
        """
        return cls.of_columns(tuple(columns), columns.values())

    @classmethod
    def of_array(cls, array: NDArray[Any]) -> Rows | None:
        """The rows of a 2-D array as lists, or None if some item is no plain atom."""
        if array.ndim != 2 or array.dtype.kind not in "biufUO":
            return None
        return cls.of_columns(None, array.T)

    @classmethod
    def of_rows(cls, rows: Sequence[object]) -> Rows | None:
        """Dicts with the same keys in the same order, or lists of one length, as columns.

        None if they are nothing like it, hold more than plain atoms, or have more columns than
        there are rows.

        >>> Rows.of_rows([{"a": 1}, {"a": 2}])[1]
        {'a': 2}
        """
        row = rows[0] if len(rows) else None
        if not isinstance(row, (dict, list)) or not 0 < len(row) <= len(rows):
            return None
        form = [*row] if isinstance(row, dict) else len(row)
        parts: list[tuple[Column, ...]] = []
        for start in range(0, len(rows), _CHUNK):  # few enough to stay in a processor's cache
            part = _dealt(rows[start : start + _CHUNK], form)
            columns = part and _columns(part)
            if not columns:
                return None
            parts.append(columns)
        names = None if isinstance(form, int) else tuple(form)
        return cls(names, tuple(map(_joined, *parts)))

    @classmethod
    def of_columns(cls, names: tuple[str, ...] | None, columns: Iterable[Cells]) -> Rows | None:
        """The rows of columns of one length: dicts, or lists where `names` is None.

        None if some cell is no plain atom.

        Raises:
            DataError: if the columns are not of one length.

        >>> Rows.of_columns(None, [[1, 2], [0.5, 1.5]])[1]
        [2, 1.5]
        """
        kept = _columns(columns)
        if kept and len(sizes := {*map(len, kept)}) > 1:
            raise DataError(f"the columns have {sorted(sizes)} cells, expected as many in each.")
        return cls(names, kept) if kept else None

    def take(self, indices: Sequence[int]) -> Rows:
        """The rows at `indices`, in that order."""
        places = np.asarray(indices, np.intp)

        def chosen(column: Column) -> Column:
            if isinstance(column, np.ndarray):
                return _frozen(column[places])
            return tuple(column[i] for i in indices)

        return self._each(chosen)

    def texts(self, write: Callable[[Value], str]) -> Iterator[str]:
        """Each row as JSON with sorted keys, where `write` gives the text of a cell.

        >>> list(Rows.of({"b": [1], "a": [2.5]}).texts(str))
        ['{"a": 2.5, "b": 1}']
        """
        order: Sequence[int] = range(len(self.cells))
        if self.names is None:
            form = f"[{', '.join('%s' for _ in order)}]"
        else:
            order = sorted(order, key=self.names.__getitem__)
            heads = (key(self.names[i]).replace("%", "%%") for i in order)
            form = f"{{{', '.join(f'{head}: %s' for head in heads)}}}"
        for cells in self._chunks():
            written = (map(write, cells[i]) for i in order)
            yield from (form % row for row in zip(*written, strict=True))

    @property
    def nbytes(self) -> int:
        """About the bytes that the rows take when they are sent."""
        return sum(map(_size, self.cells))

    def _each(self, change: Callable[[Column], Column]) -> Rows:
        return Rows(self.names, tuple(map(change, self.cells)))

    def _chunks(self) -> Iterator[list[Sequence[Value]]]:
        """The cells of some rows at a time, by column."""
        for start in range(0, len(self), _CHUNK):
            yield [_plain(column[start : start + _CHUNK]) for column in self.cells]

    def _row(self, cells: Iterable[Value]) -> Value:
        return [*cells] if self.names is None else dict(zip(self.names, cells, strict=True))

    def __len__(self) -> int:
        return len(self.cells[0])

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Value | Rows:
        if isinstance(index, slice):
            return self._each(lambda column: column[index])
        return self._row(
            column.item(index) if isinstance(column, np.ndarray) else column[index]
            for column in self.cells
        )

    def __iter__(self) -> Iterator[Value]:
        for cells in self._chunks():
            yield from map(self._row, zip(*cells, strict=True))

    def __add__(self, other: object) -> Rows:
        if not isinstance(other, Rows) or other.names != self.names:
            return NotImplemented
        if len(other.cells) != len(self.cells):
            return NotImplemented
        return Rows(self.names, tuple(map(_joined, self.cells, other.cells)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Rows, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # rows are dicts or lists, which have none

    def __repr__(self) -> str:
        names = f"{len(self.cells)} places" if self.names is None else ", ".join(self.names)
        return f"Rows({len(self):,} row{'s' * (len(self) != 1)} of {names:.200})"


def taken(values: Sequence[Value], indices: Sequence[int]) -> tuple[Value, ...] | Rows:
    """The values at `indices`, in columns where `values` are.

    >>> taken(("a", "b", "c"), [2, 0])
    ('c', 'a')
    """
    return values.take(indices) if isinstance(values, Rows) else tuple(values[i] for i in indices)


def joined(first: Sequence[Value], second: Sequence[Value]) -> tuple[Value, ...] | Rows:
    """The values of both, one after the other; in columns if both are, and have the same ones.

    >>> joined(("a",), ("b",))
    ('a', 'b')
    """
    if isinstance(first, Rows) and isinstance(second, Rows):
        both = first.__add__(second)
        if both is not NotImplemented:
            return both
    return (*first, *second)


def keys(values: Sequence[Value]) -> Iterator[str]:
    """The `key` of each value.

    >>> list(keys(Rows.of({"a": [1.0, 2.5]})))
    ['{"a": 1}', '{"a": 2.5}']
    """
    return values.texts(key) if isinstance(values, Rows) else map(key, values)


def listed(cells: Cells) -> list[object]:
    """The cells in a list, those of an array as Python's own."""
    return cells.tolist() if isinstance(cells, np.ndarray) else list(cells)


def _dealt(rows: Sequence[Any], form: list[Any] | int) -> list[list[object]] | None:
    """The columns of dicts with these keys, or lists of this length; None if they are not."""
    if isinstance(form, int):
        if {*map(type, rows)} != {list} or {*map(len, rows)} != {form}:
            return None
        width, cells = form, [*chain.from_iterable(rows)]
    else:
        if {*map(type, rows)} != {dict} or {*map(type, form)} != {str}:
            return None
        if not all(map(form.__eq__, map(list, rows))):  # the order counts: a program can see it
            return None
        width, cells = len(form), [*chain.from_iterable(map(dict.values, rows))]
    return [cells[place::width] for place in range(width)]


def _columns(columns: Iterable[Cells]) -> tuple[Column, ...] | None:
    """The columns as they are kept, or None if some cell is no plain atom."""
    kept: list[Column] = []
    for cells in columns:
        column = _column(cells)
        if column is None:
            return None
        kept.append(column)
    return tuple(kept)


def _column(cells: Cells) -> Column | None:
    """The column as it is kept, or None if some cell is no plain atom."""
    if not isinstance(cells, np.ndarray):
        return _of_cells(cells)
    kind = cells.dtype.kind
    if kind not in "biuf" or cells.dtype.itemsize > _MOST_BYTES or _is_beyond(cells):
        return _of_cells(cells.tolist())
    column: NDArray[Any] = np.array(cells, {"b": np.bool_, "f": np.float64}.get(kind, np.int64))
    return _frozen(column) if kind != "f" or np.isfinite(column).all() else None


def _is_beyond(integers: NDArray[Any]) -> bool:
    """Whether some unsigned integer is too large for int64."""
    return integers.dtype == np.uint64 and bool((integers > np.iinfo(np.int64).max).any())


def _of_cells(cells: Sequence[object]) -> Column | None:
    kinds = {*map(type, cells)}
    if len(kinds) == 1 and (dtype := _DTYPES.get(*kinds)) is not None:
        try:
            column: NDArray[Any] = np.fromiter(cast("Sequence[Any]", cells), dtype, len(cells))
        except OverflowError:  # an integer beyond int64
            pass
        else:
            return _frozen(column) if dtype is not np.float64 or np.isfinite(column).all() else None
    return tuple(cast("Sequence[Value]", cells)) if _are_sound(cells, kinds) else None


def _are_sound(cells: Sequence[object], kinds: set[type]) -> bool:
    if not kinds <= _ATOMS:
        return False
    try:
        return are_plain(cells) or all(as_value(cell, "a cell") is cell for cell in cells)
    except DataError:
        return False


def _frozen(column: NDArray[Any]) -> NDArray[Any]:
    column.flags.writeable = False
    return column


def _plain(column: Column) -> Sequence[Value]:
    return column.tolist() if isinstance(column, np.ndarray) else column


def _joined(*parts: Column) -> Column:
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if len(arrays) == len(parts) and len({part.dtype for part in arrays}) == 1:
        return _frozen(np.concatenate(arrays))
    return tuple(chain.from_iterable(map(_plain, parts)))


def _size(column: Column) -> int:
    if isinstance(column, np.ndarray):
        return column.nbytes
    texts = [cell for cell in column if isinstance(cell, str)]
    return sum(map(len, texts)) + 8 * (len(column) - len(texts))
