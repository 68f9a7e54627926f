"""Tables, read from files into plain columns, and made into inputs and labels."""

from __future__ import annotations

import csv
import difflib
import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from llmerm.cells import Cells, Columns, kept, listed
from llmerm.columns import Rows
from llmerm.errors import DataError


def rows_and_labels(columns: Columns, target: str) -> tuple[Sequence[object], list[object]]:
    """The inputs and the labels, each input as in `rows`."""
    features, labels = _parted(columns, target)
    return rows(features), labels


def _parted(columns: Columns, target: str) -> tuple[Columns, list[object]]:
    if not isinstance(target, str):
        raise DataError(f"`target` is {target!r:.60}, expected a column's name.")
    if target not in columns:
        near = difflib.get_close_matches(target, columns, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise DataError(f"there is no column {target!r}.{hint} Columns: {_listed(columns)}.")
    labels = listed(columns[target])
    missing = [index for index, label in enumerate(labels) if label is None]
    if missing:
        raise DataError(
            f"{len(missing)} rows have no label in {target!r}, the first is row {missing[0] + 1}. "
            "Drop them, or fill in what a missing label means."
        )
    features = {name: cells for name, cells in columns.items() if name != target}
    if not features:
        raise DataError(f"{target!r} is the only column, expected one more at least, as the input.")
    return features, labels


def rows(columns: Columns) -> Sequence[object]:
    """One dict by column a row, or the bare cells where there is one column only.

    The rows are `Rows` where all cells are plain; else they are still to be looked at.
    """
    if len(columns) == 1:
        (cells,) = columns.values()
        return listed(cells)
    found = Rows.of(columns)
    if found is not None:
        return found
    cells_of = map(listed, columns.values())
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells_of, strict=True)]


def _listed(names: Iterable[str]) -> str:
    """The first twenty names, safe to print."""
    shown = [ascii(name)[1:-1][:60] for name in names]
    more = f" and {len(shown) - 20} more" if len(shown) > 20 else ""
    return ", ".join(shown[:20]) + more


def read_csv(path: str) -> Columns:
    """The columns of a CSV file with a header line, each converted as a whole."""
    with _opened(path) as file:
        return csv_columns(file, path, "\t" if path.endswith(".tsv") else ",")


def csv_columns(
    lines: Iterable[str], path: str, delimiter: str, *, text: Collection[str] = ()
) -> Columns:
    """The columns of CSV lines with a header, each converted as a whole; those in `text` stay."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
        _check_header(header, path)
        columns = [_Texts() for _ in header]
        rows = (row for row in reader if _fits(row, header, f"{path}, line {reader.line_num}"))
        while some := [*islice(rows, _AT_ONCE)]:
            for column, cells in zip(columns, zip(*some, strict=True), strict=True):
                column.add(cells)
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}. Expected CSV.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text ({error.reason}). Save it as UTF-8.") from error
    columns.reverse()  # so that none is held any longer once it is converted
    return {
        name: [cell or None for cell in columns.pop()]
        if name in text
        else _converted(columns.pop())
        for name in header
    }


class _Texts:
    """The cells of a column as they are in a file, in about as much room as there."""

    def __init__(self) -> None:
        self._parts: list[str | tuple[str, ...]] = []

    def add(self, cells: tuple[str, ...]) -> None:
        """Adds some cells, one at least."""
        joined = _BETWEEN.join(cells)
        self._parts.append(joined if joined.count(_BETWEEN) == len(cells) - 1 else cells)

    def __iter__(self) -> Iterator[str]:
        for part in self._parts:
            yield from part.split(_BETWEEN) if isinstance(part, str) else part


_BETWEEN = "\0"  # which hardly any cell holds
_AT_ONCE = 1_000  # rows that are taken apart together


def _opened(path: str) -> TextIO:
    try:
        return open(path, encoding="utf-8-sig", newline="")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{path!r} cannot be read: {why}. Check the path.") from error


def _check_header(header: list[str], path: str) -> None:
    if not header:
        raise DataError(f"{path} is empty. Expected a header line and one row per sample.")
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise DataError(
            f"{path} has the one column {_listed(header)}. Its separator seems to be no comma: "
            "save it with commas, or as .tsv with tabs."
        )
    if len(set(header)) < len(header):
        raise DataError(f"{path} names a column twice: {_listed(header)}. Rename one.")


def _fits(row: list[str], header: list[str], where: str) -> bool:
    """Whether the row holds a sample; blank lines do not."""
    if row and len(row) != len(header):
        raise DataError(
            f"{where} has {len(row)} cells, expected {len(header)} as in the header. "
            "Quote cells that hold the separator."
        )
    return bool(row)


def _converted(cells: _Texts) -> Cells:
    """The cells as numbers where all of them are, else as text; empty cells are None."""
    convert: Callable[[str], object] = str
    if any(cells):
        for number, is_one in ((float, _is_float), (int, _is_int)):
            if all(map(is_one, filter(None, cells))):
                convert = number
    found = [convert(cell) if cell else None for cell in cells]
    column = kept(found)
    return found if column is None else column


def _is_int(text: str) -> bool:
    digits = text.strip().removeprefix("-")
    return (
        digits.isascii()
        and digits.isdigit()
        and len(digits) <= 4000
        and (digits == "0" or digits[0] != "0")
    )


def _is_float(text: str) -> bool:
    digits = text.strip().lstrip("+-")
    if not text.isascii() or "_" in text or (digits[:1] == "0" and digits[1:2].isdigit()):
        return False
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def read_jsonl(path: str, target: str | None) -> tuple[list[object], list[object]]:
    """The inputs and labels of a file with one JSON value a line."""
    with _opened(path) as file:
        return json_pairs(file, path, target)


def json_pairs(
    lines: Iterable[str], path: str, target: str | None
) -> tuple[list[object], list[object]]:
    """The inputs and labels of lines with one JSON value each."""
    pairs = [_pair(value, target, where) for where, value in json_values(lines, path)]
    inputs = [x for x, _ in pairs]
    return (inputs if target is None else _bare_if_one(inputs)), [y for _, y in pairs]


def _bare_if_one(records: Sequence[Any]) -> list[object]:
    """The records' values where all of them have one name only, else the records."""
    one = len({name for record in records for name in record}) == 1
    return [next(iter(record.values())) for record in records] if one else [*records]


def json_values(lines: Iterable[str], path: str) -> list[tuple[str, object]]:
    """The value of each line that is not blank, with its place in words."""
    try:
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text ({error.reason}). Save it as UTF-8.") from error
    return [(f"{path}, line {n}", _json(line, f"{path}, line {n}")) for n, line in numbered]


def _json(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{where} is not JSON ({error}). Expected one JSON value a line."
        ) from error


def _pair(record: object, target: str | None, where: str) -> tuple[object, object]:
    if target is not None and isinstance(record, dict):
        features, (y,) = _parted({name: [cell] for name, cell in record.items()}, target)
        return {name: record[name] for name in features}, y
    if isinstance(record, dict) and {"x", "y"} <= record.keys():
        return record["x"], record["y"]
    if isinstance(record, list) and len(record) == 2 and target is None:
        return record[0], record[1]
    raise DataError(
        f'{where} holds {json.dumps(record)[:60]}, expected [x, y] or {{"x": ..., "y": ...}}; '
        "or name the label's key with `target`."
    )
