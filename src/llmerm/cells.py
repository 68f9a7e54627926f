"""One column of a table: cells as they come in, and as they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from types import NoneType
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import DataError
from llmerm.typing import Value
from llmerm.values import are_plain, as_value

Cells: TypeAlias = "Sequence[object] | NDArray[Any]"
"""The cells of a column as they come in, not yet looked at."""
Columns: TypeAlias = dict[str, Cells]
"""A table's columns as they come in, by their names."""
Column: TypeAlias = "NDArray[Any] | tuple[Value, ...]"
"""The cells of a column as they are kept: an array of int64, float64 or bool, or plain atoms."""

_DTYPES: dict[type, type] = {int: np.int64, float: np.float64, bool: np.bool_}
_ATOMS = {str, int, float, bool, NoneType}
_MOST_BYTES = 8  # of a number that int64 or float64 holds exactly


def listed(cells: Cells) -> list[object]:
    """The cells in a list, those of an array as Python's own."""
    return cells.tolist() if isinstance(cells, np.ndarray) else list(cells)


def all_kept(columns: Iterable[Cells]) -> tuple[Column, ...] | None:
    """The columns as they are kept, or None if some cell is no plain atom."""
    found: list[Column] = []
    for cells in columns:
        column = kept(cells)
        if column is None:
            return None
        found.append(column)
    return tuple(found)


def kept(cells: Cells) -> Column | None:
    """The column as it is kept, or None if some cell is no plain atom."""
    if not isinstance(cells, np.ndarray):
        return _of_cells(cells)
    kind = cells.dtype.kind
    if kind not in "biuf" or cells.dtype.itemsize > _MOST_BYTES or _is_beyond(cells):
        return _of_cells(cells.tolist())
    column: NDArray[Any] = np.array(cells, {"b": np.bool_, "f": np.float64}.get(kind, np.int64))
    return frozen(column) if kind != "f" or np.isfinite(column).all() else None


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
            return frozen(column) if dtype is not np.float64 or np.isfinite(column).all() else None
    return tuple(cast("Sequence[Value]", cells)) if _are_sound(cells, kinds) else None


def _are_sound(cells: Sequence[object], kinds: set[type]) -> bool:
    if not kinds <= _ATOMS:
        return False
    try:
        return are_plain(cells) or all(as_value(cell, "a cell") is cell for cell in cells)
    except DataError:
        return False


def frozen(column: NDArray[Any]) -> NDArray[Any]:
    """The array, which can no longer be written to."""
    column.flags.writeable = False
    return column


def plain(column: Column) -> Sequence[Value]:
    """The cells as Python's own."""
    return column.tolist() if isinstance(column, np.ndarray) else column


def concatenated(*parts: Column) -> Column:
    """The columns one after the other."""
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if len(arrays) == len(parts) and len({part.dtype for part in arrays}) == 1:
        return frozen(np.concatenate(arrays))
    return tuple(chain.from_iterable(map(plain, parts)))


def bytes_of(column: Column) -> int:
    """About the bytes that the column takes when it is sent."""
    if isinstance(column, np.ndarray):
        return column.nbytes
    texts = [cell for cell in column if isinstance(cell, str)]
    return sum(map(len, texts)) + 8 * (len(column) - len(texts))
