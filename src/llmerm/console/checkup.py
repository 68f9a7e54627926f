"""What this host enforces, on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from llmerm.console.text import plain
from llmerm.sandbox.checkup import Checkup


def print_checkup(console: Console, found: Checkup) -> None:
    """What this host enforces, what is missing and how to get it, and what was tried."""
    table = Table(title=Text(found.system))
    for name in ("layer", "here", "what it is", "how to get it"):
        table.add_column(name, overflow="fold")
    for layer in found.layers:
        cells = (layer.name, "yes" if layer.present else "no", layer.detail, layer.remedy)
        table.add_row(*map(Text, cells))
    console.print(table)
    console.print(plain(f"sandbox: {found.backend or 'none'}: {found.isolation}"), soft_wrap=True)
    for check in found.checks:
        mark = "ok" if check.passed else "FAILED"
        console.print(plain(f"{mark}: {check.name}: {check.outcome}"), soft_wrap=True)
