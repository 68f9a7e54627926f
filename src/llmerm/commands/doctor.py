"""`llmerm doctor`: what this host enforces, tried."""

from __future__ import annotations

from dataclasses import asdict

import typer

from llmerm.console.checkup import print_checkup
from llmerm.sandbox.checkup import checkup
from llmerm.shell import Json, out, print_json


def doctor(json_: Json = False) -> None:
    """Show what this host enforces on candidate programs, layer by layer, and try it.

    It runs an honest program and two hostile ones. The exit code is 0 where the sandbox held, and 1
    where it did not or there is none.

    Examples:
    [bold]llmerm doctor[/]

    For a program: [bold]llmerm doctor --json[/]
    """
    found = checkup()
    if json_:
        print_json({"safe": found.safe, **asdict(found)})
    else:
        print_checkup(out, found)
    if not found.safe:
        raise typer.Exit(1)
