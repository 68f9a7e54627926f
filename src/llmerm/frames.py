"""Frames of other libraries, read into plain columns: names with their cells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from llmerm.cells import Cells, Columns
from llmerm.errors import DataError


class _Column(Protocol):
    def to_list(self) -> list[object]: ...


class Frame(Protocol):
    """What is asked of a frame; pandas', polars' and Arrow's all have it."""

    @property
    def columns(self) -> Iterable[object]:
        """The columns' names."""

    def __getitem__(self, name: str, /) -> _Column:
        """The column of this name."""


def frame_columns(frame: Frame) -> Columns:
    """The columns of a pandas or polars frame or an Arrow table, with None for a missing cell."""
    kind = type(frame)  # as a column may be named `collect`
    lazy = hasattr(kind, "collect") or hasattr(kind, "compute")
    if lazy or not hasattr(frame, "columns"):
        raise DataError(
            f"got a {kind.__module__}.{kind.__name__}, expected a pandas or polars DataFrame, or "
            "a pyarrow Table. Collect or compute a lazy one first; arrays go to "
            "`Samples.from_arrays`."
        )
    names = column_names(frame)
    if not names:
        raise DataError(f"the {kind.__name__} has no columns, expected one at least.")
    if any(type(name) is not str for name in names) or len(set(names)) < len(names):
        raise DataError(
            f"the frame's columns are {names!r:.80}. Expected distinct names of type str."
        )
    return {str(name): _read(frame, str(name)) for name in names}


def column_names(frame: object) -> list[object]:
    """The names of a frame's columns; none of what is no frame."""
    return list(getattr(frame, "column_names" if _is_arrow(frame) else "columns", ()))


def _is_arrow(frame: object) -> bool:
    return hasattr(type(frame), "column_names")


def _read(frame: Frame, name: str) -> Cells:
    column = frame[name]
    try:
        return _cells(_Arrow(column) if _is_arrow(frame) else column)
    except Exception as error:  # a frame is anybody's code, with errors of its own
        raise DataError(
            f"the column {name!r:.60} cannot be read ({error}). Convert or drop it first."
        ) from error


@dataclass(frozen=True)
class _Arrow:
    """A column of an Arrow table, asked as those of frames are."""

    array: Any

    def to_list(self) -> list[object]:
        found: list[object] = self.array.to_pylist()
        return found

    def to_numpy(self) -> NDArray[Any] | None:
        """None where numpy's cells may be others, as those of dictionaries with missing cells."""
        plain = str(self.array.type) in _NUMBERS and not self.array.null_count
        return np.asarray(self.array.to_numpy(zero_copy_only=False)) if plain else None

    def head(self, size: int) -> _Arrow:
        return _Arrow(self.array.slice(0, size))


_INTEGERS = {f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)}
_NUMBERS = {"bool", "float", "double", *_INTEGERS}


def _cells(column: _Column) -> Cells:
    """The column as an array where that says the same as its cells do, else as a list."""
    array, head = _array(column), getattr(column, "head", None)
    if array is not None and array.ndim == 1 and head is not None and is_complete(array):
        first = head(1).to_list()
        if [*map(type, first)] == [*map(type, array[:1].tolist())]:
            return np.asarray(array)
    cells = column.to_list()
    return cells if {*map(type, cells)} <= _NEVER_MISSING else [*map(present, cells)]


def _array(column: _Column) -> NDArray[Any] | None:
    """The column as numpy has it; None if it has nothing like it, such as integers of 128 bits."""
    try:
        found: NDArray[Any] | None = getattr(column, "to_numpy", lambda: None)()
    except Exception:  # a frame is anybody's code, with errors of its own
        return None
    return found


_NEVER_MISSING = {str, int, bool, type(None)}


def is_complete(array: NDArray[Any]) -> bool:
    """Whether each item is a number, or a truth value, that is there."""
    return array.dtype.kind in "biu" or (array.dtype.kind == "f" and not np.isnan(array).any())


def present(cell: object) -> object:
    """The cell, or None for what pandas and polars say is missing.

    >>> present(float("nan")), present(0.0)
    (None, 0.0)
    """
    missing = isinstance(cell, float) and math.isnan(cell)
    return None if missing or type(cell).__name__ in ("NAType", "NaTType") else cell
