"""`llmerm controls`: a fit beside its controls, which say how much the data earned."""

from __future__ import annotations

from typing import Annotated

import typer

from llmerm import control
from llmerm.commands import asking, options, outcome
from llmerm.commands.data import labelled
from llmerm.console.controls import controls_as_dict
from llmerm.console.live import live_line
from llmerm.console.text import plain
from llmerm.sandbox import default
from llmerm.shell import Json, err, out, print_json
from llmerm.typing import Budget


def controls(
    file: options.Data,
    target: options.Target = None,
    k: options.K = 16,
    proposer: options.Proposers = None,
    held_out: Annotated[
        float, typer.Option("--held-out", help="The share to compare on, in (0, 1).")
    ] = 0.5,
    loss: options.LossName = "zero_one",
    tolerance: options.Tolerance = 0.0,
    description: options.Description = None,
    seed: options.Seed = 0,
    ledger: options.Ledger = None,
    usd: options.Usd = None,
    calls: options.Calls = None,
    seconds: options.Seconds = None,
    max_prompt_samples: options.MaxPromptSamples = None,
    anonymise: options.Anonymise = False,
    form: options.Format = None,
    unsafe: options.Unsafe = False,
    json_: Json = False,
) -> None:
    """Fit a table, its shuffled labels, no samples and other names: what did the data earn?

    Up to four fits, each of at most --k draws; --usd, --calls and --seconds are for all of them
    together. The exit code is 3 where no program of the fit itself is shown to beat a constant.

    Examples:
    [bold]llmerm controls table.csv --target y[/]

    In a few seconds, for a program:
    In so much time for all runs together, as JSON:
    [bold]llmerm controls table.csv --target y --seconds 30 --json[/]
    """
    samples = labelled(file, target, form)
    with live_line(err) as line:
        found = control.controls(
            samples,
            k,
            description=description,
            proposer=asking.proposer(
                proposer, anonymise=anonymise, max_prompt_samples=max_prompt_samples
            ),
            held_out=held_out,
            loss=loss,
            tolerance=tolerance,
            budget=Budget(usd=usd, calls=calls, seconds=seconds),
            seed=seed,
            sandbox=default(unsafe=unsafe),
            ledger=ledger,
            progress=line.hook(),
        )
    if json_:
        print_json(controls_as_dict(found))
    else:
        out.print(plain(str(found)), soft_wrap=True)
    outcome.leave_unless(found.fit.result is not None and found.fit.result.status != "abstained")
