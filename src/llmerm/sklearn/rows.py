"""What a program is given for a row of X: the cell itself, a dict by column, or a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias, cast

from llmerm import columns as kept
from llmerm.errors import ArgumentError
from llmerm.sklearn.table import Cells

Form: TypeAlias = Literal["cell", "dict", "list"]
FORMS = ("auto", "dict", "list")

_EXACT = 2.0**53
"""Floats below it are integers exactly, where they are whole."""


@dataclass(frozen=True)
class Rows:
    """How rows become inputs, decided in `fit` and kept.

    Attributes:
        form: what a row is: its one cell, a dict by column, or a list.
        names: of the columns, as the dict's keys.
        whole: for each column, whether its numbers are whole: then they are given as int.
    """

    form: Form
    names: tuple[str, ...]
    whole: tuple[bool, ...]

    @classmethod
    def of(cls, columns: Cells, names: Sequence[str] | None, form: str) -> Self:
        """The form for such columns.

        Args:
            columns: of the samples in `fit`.
            names: of the columns, if X had any; else x0, x1, ...
            form: "dict", "list", or "auto": a list where all numbers are whole and no column has
                a name, else a dict.

        Raises:
            ArgumentError: if there is no such form.
        """
        if form not in FORMS:
            raise ArgumentError(f"`rows` must be 'auto', 'dict' or 'list', got {form!r}.")
        whole = tuple(map(_is_whole, columns))
        found = "list" if all(whole) and names is None else "dict"
        chosen = cast("Form", found if form == "auto" else form)
        return cls(
            "cell" if len(columns) == 1 else chosen,
            tuple(f"x{i}" for i in range(len(columns))) if names is None else tuple(names),
            whole,
        )

    def inputs(self, columns: Cells) -> Sequence[object]:
        """One input a row, as a program gets it; in columns where all cells are plain."""
        plain = [_ints(c) if whole else c for c, whole in zip(columns, self.whole, strict=True)]
        if self.form == "cell":
            return plain[0]
        found = kept.Rows.of_columns(None if self.form == "list" else self.names, plain)
        if found is not None:
            return found
        rows = zip(*plain, strict=True)
        if self.form == "list":
            return list(map(list, rows))
        return [dict(zip(self.names, row, strict=True)) for row in rows]


def whole_as_int(numbers: list[object]) -> list[object]:
    """The numbers as int where all of them are whole, else as they are; None may be among them.

    >>> whole_as_int([1.0, None, 2.0]), whole_as_int([1.0, 2.5])
    ([1, None, 2], [1.0, 2.5])
    """
    return _ints(numbers) if _is_whole(numbers) else numbers


def _is_whole(column: Sequence[object]) -> bool:
    there = [cell for cell in column if cell is not None]
    return bool(there) and all(map(_is_integer, there))


def _is_integer(cell: object) -> bool:
    if isinstance(cell, float):
        return cell.is_integer() and abs(cell) < _EXACT
    return isinstance(cell, int)


def _ints(column: list[object]) -> list[object]:
    """The column with whole floats as int: a pipeline's 1.0 is a program's 1."""
    if not any(isinstance(cell, float) for cell in column):
        return column
    return [int(cast("float", cell)) if _is_integer(cell) else cell for cell in column]
