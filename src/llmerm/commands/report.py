"""`llmerm report`: what a ledger holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmerm.console import report as view
from llmerm.report import report as read
from llmerm.shell import Json, out, print_json


def report(
    ledger: Annotated[Path, typer.Argument(help="The file of a run.", show_default=False)],
    prompt: Annotated[bool, typer.Option("--prompt", help="Print the prompts, too.")] = False,
    json_: Json = False,
) -> None:
    """Show what a ledger holds: each run's draws, verdicts, cost, and what was chosen.

    It asks nothing and runs nothing. The JSON also has the prompts, the replies and the sources.

    Examples:
    [bold]llmerm report run.sqlite[/]

    What models were asked: [bold]llmerm report run.sqlite --prompt[/]

    All of it, for a program: [bold]llmerm report run.sqlite --json > run.json[/]
    """
    runs = read(ledger)
    if json_:
        print_json({"runs": [view.as_dict(run) for run in runs]})
    else:
        view.print_report(out, runs, prompt=prompt)
