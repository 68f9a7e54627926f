"""`llmerm replay`: judge the draws of a ledger again, on the same samples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmerm.commands import options, outcome
from llmerm.commands.data import labelled
from llmerm.console.live import live_line
from llmerm.driver import fit
from llmerm.proposers.replay import ReplayProposer
from llmerm.report import RunReport, report
from llmerm.sandbox import default
from llmerm.shell import Json, err
from llmerm.typing import Value


def replay(
    ledger: Annotated[Path, typer.Argument(help="The file of a run.", show_default=False)],
    file: options.Data,
    target: options.Target = None,
    k: Annotated[
        int | None, typer.Option("--k", help="At most this many; default: as the run had.")
    ] = None,
    proposer: Annotated[
        str | None, typer.Option("--proposer", help="Whose draws, where several wrote.")
    ] = None,
    held_out: options.HeldOut = 0.5,
    loss: options.LossName = "zero_one",
    tolerance: options.Tolerance = 0.0,
    seed: options.Seed = 0,
    export: options.Export = None,
    save: options.Save = None,
    overwrite: options.Overwrite = False,
    form: options.Format = None,
    unsafe: options.Unsafe = False,
    json_: Json = False,
) -> None:
    """Judge the draws of a ledger again, on the same samples: no key, no network, no cost.

    Pass the data, --held-out and --seed of the run. The exit code is 3 where no program is shown
    to beat a constant.

    Examples:
    [bold]llmerm replay run.sqlite table.csv --target y[/]

    Write the rule of an old run as a module:
    [bold]llmerm replay run.sqlite table.csv --target y --export old.py --json[/]
    """
    outcome.check_files(export, save, overwrite=overwrite)
    runs = report(ledger)
    samples = labelled(file, target, form)
    with live_line(err) as line:
        result = fit(
            samples,
            k or _declared(runs),
            proposer=ReplayProposer(ledger, proposer=proposer),
            held_out=held_out,
            loss=loss,
            tolerance=tolerance,
            seed=seed,
            sandbox=default(unsafe=unsafe),
            progress=line.hook(),
        )
    more: dict[str, object] = dict(outcome.keep(result, export, save, overwrite=overwrite))
    held = samples.split(held_out, seed=seed).held_out.fingerprint
    recorded = [run.selections[held]["draw"] for run in runs if held in run.selections]
    more["recorded_draw"] = recorded[-1] if recorded else None
    outcome.show(result, more, json_=json_)
    outcome.leave_unless(result.status != "abstained")


def _declared(runs: list[RunReport]) -> int:
    """The largest k that a run in the ledger was made with: its certificate paid for that."""
    told: list[Value] = [one.get("k") for run in runs for one in run.selections.values()]
    return max([one for one in told if isinstance(one, int)], default=16)
