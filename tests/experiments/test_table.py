"""A table in each form says the same."""

from __future__ import annotations

import csv
import io

from llmerm.experiments.intervals import Summary
from llmerm.experiments.table import Table, as_csv, as_latex, as_markdown

TABLE = Table(
    "A & B",
    ("task", "mean"),
    (("a|b_1", Summary(0.975, 0.9, 1.0, 5)), ("100% {x}", None)),
    "a note",
)


def test_csv_has_the_ends_of_intervals_in_columns_of_their_own():
    """Read back by the standard library, to the last digit."""
    rows = list(csv.reader(io.StringIO(as_csv(TABLE))))
    assert rows[0] == ["task", "mean", "mean low", "mean high", "mean seeds"]
    assert rows[1] == ["a|b_1", "0.975", "0.9", "1.0", "5"]
    assert rows[2] == ["100% {x}", "", "", "", ""]


def test_markdown_and_latex_escape_what_would_break_them():
    """And show per cent, as in the terminal."""
    assert TABLE.texts() == [["a|b_1", "97.5 [90.0, 100.0]"], ["100% {x}", "-"]]
    assert "| a\\|b_1 | 97.5 [90.0, 100.0] |" in as_markdown(TABLE)
    latex = as_latex(TABLE)
    assert r"a|b\_1 & 97.5 [90.0, 100.0] \\" in latex
    assert r"100\% \{x\} & - \\" in latex
    assert r"\caption{A \& B. a note}" in latex
