"""`llmerm merge`: the ledgers of several drivers made one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from llmerm.merging import Merged
from llmerm.merging import merge as joined
from llmerm.shell import Json, err, out, print_json

Ledgers = Annotated[list[Path], typer.Argument(help="Ledgers; those that come first win.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The ledger that holds all.")]


def merge(ledgers: Ledgers, output: Out, json_: Json = False) -> None:
    """Join the ledgers of several drivers into one that holds all they have, once.

    Of two draws with one number, and of two outcomes of one cell, the first stays.

    Examples:
    [bold]llmerm merge run.sqlite -o all.sqlite[/]

    What was added, for a program: [bold]llmerm merge run.sqlite -o kept.sqlite --json[/]
    """
    merged = joined(ledgers, output)
    if json_:
        print_json(asdict(merged))
        return
    out.print(
        f"{output}: {merged.runs} runs, {merged.draws} draws, {merged.verdicts} verdicts and "
        f"{merged.cells} cells added.",
        soft_wrap=True,
    )
    for note in _notes(merged):
        err.print(f"[yellow]note:[/] {note}", soft_wrap=True)


def _notes(merged: Merged) -> Iterator[str]:
    if merged.clashes:
        yield (
            f"{merged.clashes} draws were made twice by different drivers, and paid for twice; "
            "the first of each is kept. Give each driver its own seeds."
        )
    if merged.shared_places:
        yield (
            f"{merged.shared_places} uses of held-out samples have a place that another has, too: "
            "the certificates of n drivers together may fail with n times their delta. From now "
            "on all are counted."
        )
    if merged.overdrawn:
        yield f"{merged.overdrawn} sealed sets were opened more often than was declared."
