"""Rows out of a file or a pipe: labelled samples, or inputs alone."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from llmerm import tables
from llmerm.commands.options import Form
from llmerm.errors import ArgumentError, DataError
from llmerm.samples import Samples
from llmerm.typing import Value
from llmerm.values import as_value

PIPE = Path("-")
"""The name that stands for standard input."""

_BY_SUFFIX: dict[str, Form] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".tsv": "tsv"}


@dataclass(frozen=True)
class Rows:
    """Text with its format, and a name for it in errors."""

    text: str
    form: Form
    name: str

    @property
    def lines(self) -> Iterable[str]:
        """The lines, with the line breaks that a CSV reader wants to see."""
        return io.StringIO(self.text, newline="")

    @property
    def delimiter(self) -> str:
        """What separates cells."""
        return "\t" if self.form == "tsv" else ","


def read(file: Path, form: Form | None) -> Rows:
    """What a file or the pipe holds.

    Raises:
        DataError: if it cannot be read, is no UTF-8, or is empty.
    """
    name = "standard input" if file == PIPE else str(file)
    text = text_of(file, name)
    if not text.strip():
        raise DataError(f"{name} is empty. Expected a header line and one row per sample.")
    guess = look(text) if file == PIPE else _BY_SUFFIX.get(file.suffix, "csv")
    return Rows(text, form or guess, name)


def text_of(file: Path, name: str) -> str:
    """The whole text of a file or the pipe. Raises as `read`."""
    if file == PIPE and sys.stdin is None:
        raise DataError("standard input is closed. Pipe rows into it, or pass a file.")
    try:
        content = sys.stdin.buffer.read() if file == PIPE else file.read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not UTF-8 text ({error.reason}). Save it as UTF-8.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{name!r} cannot be read: {why}. Check the path.") from error


def look(text: str) -> Form:
    r"""The format that text seems to have, by its first line.

    An object or a list of JSON is JSON lines; a line with tabs and no comma is TSV.

    >>> look('{"x": 1, "y": 0}\n'), look("a\tb\n1\t2\n"), look("a,b\n1,2\n")
    ('jsonl', 'tsv', 'csv')
    """
    first = text.lstrip().partition("\n")[0]
    try:
        if isinstance(json.loads(first), (dict, list)):
            return "jsonl"
    except (ValueError, RecursionError):
        pass
    return "tsv" if "\t" in first and "," not in first else "csv"


def labelled(file: Path, target: str | None, form: Form | None) -> Samples:
    """Labelled samples out of a file or the pipe.

    Raises:
        ArgumentError: if a table comes without the name of its label column.
        DataError: if the rows cannot be read.
    """
    rows = read(file, form)
    inputs: Sequence[object]
    if rows.form == "jsonl":
        inputs, labels = tables.json_pairs(rows.lines, rows.name, target)
    elif target is None:
        raise ArgumentError(f"which column of {rows.name} holds the label? Pass --target COLUMN.")
    else:
        columns = tables.csv_columns(rows.lines, rows.name, rows.delimiter)
        inputs, labels = tables.rows_and_labels(columns, target)
    return Samples.from_arrays(inputs, labels, name=file.stem if file != PIPE else "samples")


def unlabelled(
    file: Path, target: str | None, form: Form | None, *, like: Collection[Value] = ()
) -> tuple[list[Value], Form]:
    """Inputs out of a file or the pipe, and the format they came in.

    Args:
        file: where they are.
        target: a label that is there, too, and is left out.
        form: their format, where it is known.
        like: inputs that the program was made for: columns that are text there stay text.
    """
    rows = read(file, form)
    found: Sequence[object]
    if target is not None and rows.form == "jsonl":
        found = tables.json_pairs(rows.lines, rows.name, target)[0]
    elif rows.form == "jsonl":
        found = [value for _, value in tables.json_values(rows.lines, rows.name)]
    else:
        found = _cells(rows, target, like)
    return [as_value(x, f"input {i}") for i, x in enumerate(found)], rows.form


def _cells(rows: Rows, target: str | None, like: Collection[Value]) -> Sequence[object]:
    header = tables.csv_columns(rows.lines, rows.name, rows.delimiter)
    text = [name for name in header if _is_text(name, like)]
    columns = tables.csv_columns(rows.lines, rows.name, rows.delimiter, text=text)
    if target is not None:
        return tables.rows_and_labels(columns, target)[0]
    return tables.rows(columns)


def _is_text(column: str, like: Collection[Value]) -> bool:
    """Whether the column, or the whole input, was text in all inputs of that kind."""
    cells = [x.get(column) if isinstance(x, dict) else x for x in like]
    told = [cell for cell in cells if cell is not None]
    return bool(told) and all(isinstance(cell, str) for cell in told)
