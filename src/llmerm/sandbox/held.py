"""The inputs inside the sandbox: held once, and handed out fresh to each call.

The zygote gets this file's source with its first message, as it can import nothing of the library.
What a child does with it comes after a candidate was loaded, which may have patched `builtins`.
"""

from __future__ import annotations

import builtins
from marshal import loads
from struct import unpack_from

# As in child.py: names are looked up in a private copy, which no candidate can patch.
globals()["__builtins__"] = dict(vars(builtins))

TYPE_CHECKING = False  # importing `typing` for its names alone would slow the start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    Places = range | list[int]

_MOST_UNPACKED = 200  # columns: rows of more are made one cell at a time


class Atoms:
    """Inputs that no call can change."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self.size = len(values)

    def part(self, places: Places) -> Iterator[Any]:
        """The inputs at these places, in that order."""
        return iter(_picked(self._values, places))


class Marshalled:
    """Inputs that are kept as bytes, so that each call has one of its own."""

    def __init__(self, values: list[bytes]) -> None:
        self._values = values
        self.size = len(values)

    def part(self, places: Places) -> Iterator[Any]:
        """The inputs at these places, in that order."""
        return map(loads, _picked(self._values, places))


class _Cells:
    """A column of what no call can change."""

    def __init__(self, cells: list[Any]) -> None:
        self._cells = cells
        self.size = len(cells)

    def picked(self, places: Places) -> list[Any]:
        return _picked(self._cells, places)


class _Numbers:
    """A column of numbers or truth values, as the bytes of an array.

    Args:
        code: of their type, as in `struct` and `memoryview.cast`.
        data: their bytes.
    """

    def __init__(self, code: str, data: bytes) -> None:
        self._code = code
        self._data = data
        self._cells = memoryview(data).cast(code)  # type: ignore[call-overload]
        self.size = len(self._cells)

    def picked(self, places: Places) -> Sequence[Any]:
        if type(places) is range and places.step == 1:
            form = f"{len(places)}{self._code}"
            return unpack_from(form, self._data, places.start * self._cells.itemsize)
        return [self._cells[place] for place in places]


class Table:
    """Rows that are kept in columns, of which each call has one of its own.

    Args:
        names: of the columns; None where rows are lists.
        columns: a type code of `memoryview.cast` and bytes each, or a list of what no call can
            change.
    """

    def __init__(self, names: tuple[str, ...] | None, columns: list[Any]) -> None:
        self._rows = _maker(names, len(columns))
        self._columns = [_Numbers(*c) if type(c) is tuple else _Cells(c) for c in columns]
        self.size = self._columns[0].size

    def part(self, places: Places) -> Iterator[Any]:
        """The rows at these places, in that order."""
        return self._rows(*[column.picked(places) for column in self._columns])


class Inputs:
    """The inputs of all requests that bring none of their own.

    Args:
        sent: what `llmerm.sandbox.inputs.Inputs.sent` gave.
    """

    def __init__(self, sent: tuple[Any, ...]) -> None:
        self._own = _opened(sent)

    def instead(self, given: tuple[Any, ...] | None) -> Atoms | Marshalled | Table:
        """What a request runs on: what was sent with it, if anything was."""
        return self._own if given is None else _opened(given)


def _opened(sent: tuple[Any, ...]) -> Atoms | Marshalled | Table:
    kind, *content = sent
    return _KINDS[kind](*content)


_KINDS: dict[str, Callable[..., Atoms | Marshalled | Table]] = {
    "atoms": Atoms,
    "marshalled": Marshalled,
    "table": Table,
}


def _picked(cells: list[Any], places: Places) -> list[Any]:
    if type(places) is range and places.step == 1:
        return cells[places.start : places.stop]
    return [cells[place] for place in places]


def _maker(names: tuple[str, ...] | None, width: int) -> Callable[..., Iterator[Any]]:
    """What makes rows of the cells of each column."""
    if names is None:
        return lambda *columns: map(list, zip(*columns))  # noqa: B905 - of one length
    if width > _MOST_UNPACKED:
        return lambda *columns: (dict(zip(names, row)) for row in zip(*columns))  # noqa: B905 - of one length
    # A dict display takes half the time of `dict(zip(...))`. Names are in it as literals.
    cells = [f"c{place}" for place in range(width)]
    row = ", ".join(f"{name!r}: {cell}" for name, cell in zip(names, cells, strict=True))
    source = f"lambda *columns: ({{{row}}} for {', '.join(cells)}, in zip(*columns))"
    return eval(source, {"__builtins__": globals()["__builtins__"]})  # type: ignore[no-any-return]
