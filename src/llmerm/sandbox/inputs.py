"""What goes into the sandbox, by value: the inputs once, and the source of each candidate."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from llmerm.cells import Column
from llmerm.columns import Rows
from llmerm.errors import ArgumentError, DataError
from llmerm.sandbox.child import is_unicode
from llmerm.typing import Failed, Value
from llmerm.values import are_plain, as_value

MAX_SOURCE = 100_000
"""Characters of source; a longer one is refused unread."""


Sent: TypeAlias = "tuple[str, list[Value] | list[bytes]] | tuple[str, Any, list[Any]]"
"""Inputs as held.py takes them, made of what `marshal` can write."""


@dataclass(frozen=True)
class Inputs:
    """Inputs ready to be sent.

    Attributes:
        values: the inputs; rows are made where a call needs them.
        mutable: whether calls could change them: then each is marshalled, to be copied.
    """

    values: list[Value] | list[bytes] | Rows = field(default_factory=list)
    mutable: bool = False

    def __len__(self) -> int:
        return len(self.values)

    def part(self, start: int, stop: int) -> Inputs:
        """Those from `start` to `stop`."""
        return Inputs(self.values[start:stop], self.mutable)

    @property
    def nbytes(self) -> int:
        """About the bytes of all texts, columns and marshalled values."""
        if isinstance(self.values, Rows):
            return self.values.nbytes
        if {*map(type, self.values)} <= {str, bytes}:
            return sum(map(len, cast("list[bytes]", self.values)))
        return sum(len(value) for value in self.values if isinstance(value, (str, bytes)))

    def sent(self) -> Sent:
        """The form in which they travel; the bytes of arrays are not copied for it."""
        if isinstance(self.values, Rows):
            return "table", self.values.names, [*map(_sent, self.values.cells)]
        return "marshalled" if self.mutable else "atoms", self.values


_CODES = {"f": "d", "i": "q", "b": "?"}  # numpy's kinds by the type codes of `memoryview.cast`


def _sent(column: Column) -> list[Value] | tuple[str, NDArray[Any]]:
    """A column as held.py takes it: `marshal` writes an array as its bytes."""
    if isinstance(column, np.ndarray):
        return _CODES[column.dtype.kind], np.ascontiguousarray(column)
    return list(column)


def pack(inputs: Sequence[Value], *, first: int = 0) -> Inputs:
    """The inputs ready to be sent; `first` is the number of the first one, for errors.

    Raises:
        DataError: naming the first input that cannot be carried by value.

    >>> pack(["01", "10"])
    Inputs(values=['01', '10'], mutable=False)
    """
    values = plain(inputs, first=first)
    if isinstance(values, Rows):
        return Inputs(values)
    if _any_mutable(values):
        return Inputs([marshal.dumps(value) for value in values], mutable=True)
    return Inputs(values, mutable=False)


def plain(inputs: Sequence[object], *, first: int = 0) -> list[Value] | Rows:
    """The plain values that inputs stand for, those of a table in columns; `first` as in `pack`.

    Raises:
        DataError: naming the first that cannot be carried by value.
    """
    rows = inputs if isinstance(inputs, Rows) else Rows.of_rows(inputs)
    if rows is not None:
        return rows
    if are_plain(inputs):
        return [*cast("Sequence[Value]", inputs)]
    return [as_input(x, index) for index, x in enumerate(inputs, first)]


def as_input(thing: object, index: int) -> Value:
    """The plain value that input `index` stands for.

    Raises:
        DataError: if it cannot be carried by value.
    """
    try:
        return as_value(thing, f"input {index}")
    except RecursionError:
        raise DataError(
            f"input {index} is nested too deeply, or contains itself. Expected a plain value."
        ) from None


def _any_mutable(values: Sequence[Value]) -> bool:
    kinds = {*map(type, values)}
    return bool(kinds & {list, dict}) or (tuple in kinds and any(map(_is_mutable, values)))


def _is_mutable(value: Value) -> bool:
    if isinstance(value, tuple):
        return any(_is_mutable(item) for item in value)
    return isinstance(value, list | dict)


def refused(source: str) -> Failed | None:
    """Why this source is not even sent, or None.

    Raises:
        ArgumentError: if it is no text.

    >>> refused("   ")
    Failed(reason='empty', detail='')
    """
    if not isinstance(source, str):
        raise ArgumentError(
            f"a source must be str, got {type(source).__name__}. Decode bytes first, as UTF-8: "
            "bytes.decode()."
        )
    if not source.strip():
        return Failed("empty")
    if len(source) > MAX_SOURCE:
        return Failed("too_long", f"{len(source):,} characters, at most {MAX_SOURCE:,} are read")
    if "\0" in source:
        return Failed("syntax_error", "the source contains a null byte")
    if not is_unicode(source):
        return Failed("syntax_error", "the source contains a lone surrogate")
    return None
