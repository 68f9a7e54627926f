"""The demo on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from llmerm.console.text import code, number, plain, shortened
from llmerm.demo import Row
from llmerm.program import Program


def demo_line(row: Row, done: int, of: int) -> str:
    """One task of the demo as it ends."""
    return plain(f"[{done}/{of}] {row.task}: {row.status} in {row.seconds:.1f} s")


WIDE = 110
"""Columns of a terminal from which on a demo's table has all its figures."""


def demo_table(rows: Sequence[Row], *, width: int) -> Table:
    """The demo's outcome; in a narrow terminal without bits and seconds."""
    table = Table(title="Rules recovered from 200 samples each", show_lines=True)
    table.add_column("task")
    table.add_column("program found", overflow="fold", ratio=1)
    for name, wide in _FIGURES:
        if not wide or width >= WIDE:
            table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*_cells(row, wide=width >= WIDE))
    return table


_FIGURES = (
    ("error at\nmost (95%)", False),
    ("right on\nfresh", False),
    ("at twice\nthe length", False),
    ("prior\nbits", True),
    ("s", True),
)


def _cells(row: Row, *, wide: bool) -> list[Text]:
    found = Text("no program beats chance", style="dim")
    if row.source is not None:
        found = code(shortened(Program(row.source)))
    figures = [
        number(row.error_bound, ".1%"),
        number(row.test_accuracy, ".2%"),
        number(row.longer_accuracy, ".2%"),
    ]
    if wide:
        figures += [number(row.bits, ".0f"), Text(f"{row.seconds:.1f}")]
    return [Text(row.task), found, *figures]


def demo_epilogue(rows: Sequence[Row], seconds: float) -> str:
    """What the table says in a sentence, and what to try next."""
    exact = sum(row.test_accuracy == 1.0 for row in rows)
    return (
        f"\n{exact} of {len(rows)} rules exact on fresh samples, in {seconds:.0f} s.\n"
        + "".join(map(_caveat, filter(_short_sighted, rows)))
        + "Your own data: [bold]llmerm fit FILE.csv --target COLUMN[/]. "
        "With a language model: set OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENAI_BASE_URL and add "
        "[bold]--proposer openai:MODEL[/] or [bold]anthropic:MODEL[/]; [bold]--dry-run[/] shows "
        "prompt and highest cost first."
    )


def _short_sighted(row: Row) -> bool:
    return row.test_accuracy == 1.0 and (row.longer_accuracy or 0.0) < 0.99


def _caveat(row: Row) -> str:
    return (
        f"{row.task}: this program is right on inputs like the samples and wrong on longer ones. "
        "What the generator of the samples gives away is enough to tell them apart, and the "
        "certificate speaks of such inputs alone.\n"
    )
