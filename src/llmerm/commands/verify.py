"""`llmerm verify`: score a program that you already have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmerm import driver
from llmerm.commands import options, outcome, rules
from llmerm.commands.data import labelled
from llmerm.sandbox import default
from llmerm.shell import Json


def verify(
    rule: options.RuleFile,
    file: options.Data,
    target: options.Target = None,
    loss: options.LossName = "zero_one",
    tolerance: options.Tolerance = 0.0,
    delta: Annotated[
        float, typer.Option("--delta", help="The certificate may fail with this probability.")
    ] = 0.05,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", help="Count uses of these rows here; the certificate pays."),
    ] = None,
    form: options.Format = None,
    unsafe: options.Unsafe = False,
    json_: Json = False,
) -> None:
    """Score a program on labelled rows, with a certificate.

    All rows count as held out: the certificate holds if the program was fixed before they were
    looked at. With --ledger it also holds for the best of several that are tried one after
    another. The exit code is 0 where its error is within --tolerance, and 3 where it is not.

    Examples:
    [bold]llmerm verify rule.py table.csv --target y[/]

    Wrong on at most a tenth: [bold]llmerm verify rule.json table.csv --target y --tolerance 0.1[/]

    One of several that you try, counted:
    [bold]llmerm verify rule.py table.csv --target y --ledger tried.sqlite[/]

    From a pipe: [bold]cat table.csv | llmerm verify rule.py - --target y --json[/]
    """
    program = rules.load(rule).program
    samples = labelled(file, target, form)
    result = driver.verify(
        program,
        samples,
        loss=loss,
        tolerance=tolerance,
        delta=delta,
        sandbox=default(unsafe=unsafe),
        ledger=ledger,
    )
    outcome.show(result, {}, json_=json_)
    outcome.leave_unless(result.verified)
