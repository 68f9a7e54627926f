"""`llmerm merge`: the ledgers of several drivers made one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from llmerm.merging import merge as joined
from llmerm.shell import Json, err, out, print_json

Ledgers = Annotated[list[Path], typer.Argument(help="Ledgers; those that come first win.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The ledger that holds all.")]


def merge(ledgers: Ledgers, output: Out, json_: Json = False) -> None:
    """Join the ledgers of several drivers into one that holds all they have, once.

    Of two draws with one number, and of two outcomes of one cell, the first stays.

    Example: [bold]llmerm merge runs/*.sqlite -o all.sqlite[/]
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
    if merged.clashes:
        err.print(
            f"[yellow]note:[/] {merged.clashes} draws were made twice by different drivers, and "
            "paid for twice; the first of each is kept. Give each driver its own seeds.",
            soft_wrap=True,
        )
