"""The command line: the commands of `llmerm.commands`, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from llmerm.commands.bench import bench
from llmerm.commands.controls import controls
from llmerm.commands.demo import demo
from llmerm.commands.doctor import doctor
from llmerm.commands.fit import fit
from llmerm.commands.merge import merge
from llmerm.commands.predict import predict
from llmerm.commands.replay import replay
from llmerm.commands.report import report
from llmerm.commands.tasks import tasks
from llmerm.commands.verify import verify
from llmerm.shell import out, told
from llmerm.version import __version__

EXIT_CODES = (
    "Exit codes: 0 done; 1 an error, in one line on the error stream; 2 the command itself was "
    "wrong; 3 done, and the answer is no (fit, controls and replay: no program beats a "
    "constant; verify: the error is above the tolerance; predict: some rows have no prediction); "
    "130 interrupted."
)

app = typer.Typer(
    help="Learn short, readable programs from few labelled examples, verified on held-out data.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.")
    ] = False,
) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


for command in (demo, fit, controls, predict, verify, replay, report, tasks, doctor, bench, merge):
    app.command(epilog=EXIT_CODES)(told(command))


def main() -> None:
    """Runs the command line; installed as `llmerm`."""
    app()
