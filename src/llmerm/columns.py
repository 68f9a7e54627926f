"""Rows of a table, kept in columns: a row is made each time that it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import eq
from typing import Any, final, overload

import numpy as np
from numpy.typing import NDArray

from llmerm.cells import Cells, Column, all_kept, bytes_of, concatenated, frozen, plain
from llmerm.errors import DataError
from llmerm.typing import Value
from llmerm.values import key

_CHUNK = 1_024  # rows that are made together


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
            columns = part and all_kept(part)
            if not columns:
                return None
            parts.append(columns)
        names = None if isinstance(form, int) else tuple(form)
        return cls(names, tuple(map(concatenated, *parts)))

    @classmethod
    def of_columns(cls, names: tuple[str, ...] | None, columns: Iterable[Cells]) -> Rows | None:
        """The rows of columns of one length: dicts, or lists where `names` is None.

        None if some cell is no plain atom, or the names are not distinct and of type str.

        Raises:
            DataError: if the columns are not of one length.

        >>> Rows.of_columns(None, [[1, 2], [0.5, 1.5]])[1]
        [2, 1.5]
        """
        if names is not None and (len({*names}) < len(names) or {*map(type, names)} - {str}):
            return None
        kept = all_kept(columns)
        if kept and len(sizes := {*map(len, kept)}) > 1:
            raise DataError(f"the columns have {sorted(sizes)} cells, expected as many in each.")
        return cls(names, kept) if kept else None

    def take(self, indices: Sequence[int]) -> Rows:
        """The rows at `indices`, in that order."""
        places = np.asarray(indices, np.intp)

        def chosen(column: Column) -> Column:
            if isinstance(column, np.ndarray):
                return frozen(column[places])
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

    def atoms(self) -> Iterator[tuple[Value, ...]]:
        """The cells of each row.

        >>> list(Rows.of({"a": [1, 2], "b": ["x", None]}).atoms())
        [(1, 'x'), (2, None)]
        """
        for cells in self._chunks():
            yield from zip(*cells, strict=True)

    @property
    def nbytes(self) -> int:
        """About the bytes that the rows take when they are sent."""
        return sum(map(bytes_of, self.cells))

    def _each(self, change: Callable[[Column], Column]) -> Rows:
        return Rows(self.names, tuple(map(change, self.cells)))

    def _chunks(self) -> Iterator[list[Sequence[Value]]]:
        """The cells of some rows at a time, by column."""
        for start in range(0, len(self), _CHUNK):
            yield [plain(column[start : start + _CHUNK]) for column in self.cells]

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
        return map(self._row, self.atoms())

    def __add__(self, other: object) -> Rows:
        if not isinstance(other, Rows) or other.names != self.names:
            return NotImplemented
        if len(other.cells) != len(self.cells):
            return NotImplemented
        return Rows(self.names, tuple(map(concatenated, self.cells, other.cells)))

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


def keys(*parts: Sequence[Value]) -> tuple[Iterator[Hashable], ...]:
    """For each part what stands for its values: the same for equal ones, in whichever part.

    >>> seen, new = keys(Rows.of({"a": [1, 2.5]}), Rows.of({"a": [True, "1"]}))
    >>> seen = {*seen}
    >>> [value in seen for value in new]
    [True, False]
    """
    tables = [part for part in parts if isinstance(part, Rows)]
    if len(tables) == len(parts) and len({table.names for table in tables}) <= 1:
        return tuple(table.atoms() for table in tables)  # far faster than their texts
    return tuple(part.texts(key) if isinstance(part, Rows) else map(key, part) for part in parts)


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
