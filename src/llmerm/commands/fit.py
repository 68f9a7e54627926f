"""`llmerm fit`: learn a program from the rows of a table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from llmerm.commands import asking, options, outcome
from llmerm.commands.data import labelled
from llmerm.console.forecast import print_forecast
from llmerm.console.live import live_line
from llmerm.driver import Forecast, forecast
from llmerm.driver import fit as learn
from llmerm.sandbox import default
from llmerm.shell import Json, err, out, print_json
from llmerm.typing import Budget


def fit(
    file: options.Data,
    target: options.Target = None,
    k: options.K = 16,
    proposer: options.Proposers = None,
    held_out: options.HeldOut = 0.5,
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print prompt and highest cost; call nothing.")
    ] = False,
    export: options.Export = None,
    save: options.Save = None,
    overwrite: options.Overwrite = False,
    form: options.Format = None,
    unsafe: options.Unsafe = False,
    json_: Json = False,
) -> None:
    """Learn a program from the rows of a table.

    The exit code is 3 where no program is shown to beat a constant.

    Examples:
    [bold]llmerm fit table.csv --target y[/]

    Keep the rule as a module, and all there is to know as a file for predict:
    [bold]llmerm fit table.csv --target y --export rule.py --save rule.json[/]

    From a pipe: [bold]cat samples.jsonl | llmerm fit - --json[/]

    What a model would be asked, and the most it can cost:
    [bold]llmerm fit table.csv --target y --proposer openai:MODEL --dry-run[/]
    """
    outcome.check_files(export, save, overwrite=overwrite)
    samples = labelled(file, target, form)
    asked = asking.proposer(proposer, anonymise=anonymise, max_prompt_samples=max_prompt_samples)
    sandbox = default(unsafe=unsafe)
    if dry_run:
        told = forecast(
            samples,
            k,
            description=description,
            proposer=asked,
            held_out=held_out,
            seed=seed,
            sandbox=sandbox,
        )
        _show_forecast(told, json_=json_)
        return
    with live_line(err) as line:
        result = learn(
            samples,
            k,
            proposer=asked,
            held_out=held_out,
            loss=loss,
            tolerance=tolerance,
            description=description,
            budget=Budget(usd=usd, calls=calls, seconds=seconds),
            seed=seed,
            ledger=ledger,
            sandbox=sandbox,
            progress=line.hook(),
        )
    written = outcome.keep(result, export, save, overwrite=overwrite)
    outcome.show(result, written, json_=json_)
    outcome.leave_unless(result.status != "abstained")


def _show_forecast(told: Forecast, *, json_: bool) -> None:
    if json_:
        print_json(asdict(told))
    else:
        print_forecast(out, told)
