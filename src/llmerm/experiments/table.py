"""A table as a value, and the same table as CSV, Markdown and LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from llmerm.experiments.intervals import Summary

Entry: TypeAlias = "str | int | float | Summary | None"
"""What a table holds: text, a number, a mean with its interval, or nothing."""


@dataclass(frozen=True)
class Table:
    """Rows of entries under named columns, with a note below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    note: str = ""

    def texts(self) -> list[list[str]]:
        """The rows as a person reads them."""
        return [[shown(entry) for entry in row] for row in self.rows]


def shown(entry: Entry) -> str:
    """An entry as a person reads it; accuracies are in per cent.

    >>> shown(None), shown(12.345), shown(0.00001)
    ('-', '12.35', '1e-05')
    """
    if entry is None:
        return "-"
    return f"{entry:.4g}" if isinstance(entry, float) else str(entry)


def as_csv(table: Table) -> str:
    """Comma-separated values; a mean has its ends and the number of seeds in further columns."""
    wide = [
        any(isinstance(row[i], Summary) for row in table.rows) for i in range(len(table.columns))
    ]
    header: list[str] = []
    for name, is_wide in zip(table.columns, wide, strict=True):
        header += [name, f"{name} low", f"{name} high", f"{name} seeds"] if is_wide else [name]
    return _csv([header, *(_flat(row, wide) for row in table.rows)])


def _flat(row: Sequence[Entry], wide: Sequence[bool]) -> list[object]:
    cells: list[object] = []
    for entry, is_wide in zip(row, wide, strict=True):
        if isinstance(entry, Summary):
            cells += [entry.mean, entry.low, entry.high, entry.seeds]
        else:
            cells += [entry, None, None, None] if is_wide else [entry]
    return cells


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def as_markdown(table: Table) -> str:
    r"""A Markdown table under its title.

    >>> print(as_markdown(Table("T", ("a",), (("x|y",),))), end="")
    ### T
    <BLANKLINE>
    | a |
    | --- |
    | x\|y |
    """
    lines = [table.columns, ["---"] * len(table.columns), *table.texts()]
    body = "\n".join("| " + " | ".join(map(_for_markdown, line)) + " |" for line in lines)
    note = f"\n\n{table.note}" if table.note else ""
    return f"### {table.title}\n\n{body}{note}\n"


def _for_markdown(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def as_latex(table: Table) -> str:
    """A LaTeX table for the package booktabs."""
    lines = [" & ".join(map(_for_latex, row)) + r" \\" for row in (table.columns, *table.texts())]
    head, *body = lines
    return "\n".join(
        [
            r"\begin{table}",
            rf"\caption{{{_for_latex(' '.join([table.title + '.', table.note]).strip())}}}",
            rf"\begin{{tabular}}{{l{'r' * (len(table.columns) - 1)}}}",
            r"\toprule",
            head,
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def _for_latex(text: str) -> str:
    return "".join(_LATEX.get(c, c) for c in text.replace("\n", " "))
