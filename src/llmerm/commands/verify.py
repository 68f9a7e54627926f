"""`llmerm verify`: score a program that you already have."""

from __future__ import annotations

from typing import Annotated

import typer

from llmerm import driver
from llmerm.commands import model, options, outcome
from llmerm.commands.data import labelled
from llmerm.sandbox import default
from llmerm.shell import Json


def verify(
    rule: options.Rule,
    file: options.Data,
    target: options.Target = None,
    loss: options.LossName = "zero_one",
    tolerance: options.Tolerance = 0.0,
    delta: Annotated[
        float, typer.Option("--delta", help="The certificate may fail with this probability.")
    ] = 0.05,
    form: options.Format = None,
    unsafe: options.Unsafe = False,
    json_: Json = False,
) -> None:
    """Score a program on labelled rows, with a certificate.

    All rows count as held out: the certificate holds if the program was fixed before they were
    looked at. The exit code is 0 where its error is within --tolerance, and 3 where it is not.

    Examples:
    [bold]llmerm verify rule.py table.csv --target y[/]

    Wrong on at most a tenth: [bold]llmerm verify rule.json table.csv --target y --tolerance 0.1[/]

    From a pipe: [bold]cat table.csv | llmerm verify rule.py - --target y --json[/]
    """
    program = model.load(rule).program
    samples = labelled(file, target, form)
    result = driver.verify(
        program,
        samples,
        loss=loss,
        tolerance=tolerance,
        delta=delta,
        sandbox=default(unsafe=unsafe),
    )
    outcome.show(result, {}, json_=json_)
    outcome.leave_unless(result.verified)
