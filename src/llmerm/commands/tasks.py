"""`llmerm tasks`: the task families, one of them in detail, samples of it."""

from __future__ import annotations

import csv
import json
import sys
from typing import Annotated, Literal

import typer

from llmerm import tasks as families
from llmerm.commands.options import task_names
from llmerm.console.tasks import print_task, task_as_dict, task_table
from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.shell import Json, out, print_json
from llmerm.tasks.base import summary
from llmerm.typing import Value


def tasks(
    name: Annotated[
        str | None,
        typer.Argument(
            help="One family, in detail.", show_default=False, autocompletion=task_names
        ),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter of the family, as in n=50 or pattern=101."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", help="Write so many samples to standard output.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the samples.")] = 0,
    to: Annotated[
        Literal["csv", "jsonl"], typer.Option("--to", help="How to write samples.")
    ] = "jsonl",
    json_: Json = False,
) -> None:
    """List the task families; show one of them; write samples of it.

    Examples:
    [bold]llmerm tasks[/]

    [bold]llmerm tasks k_parity --set n=20 --set k=3[/]

    [bold]llmerm tasks parity --set n=20 --sample 100 > samples.jsonl[/]
    """
    if name is None:
        _list(json_=json_)
        return
    task = families.get(name, **dict(map(_parameter, parameters or ())))
    if sample is None:
        if json_:
            print_json(task_as_dict(task))
        else:
            print_task(out, task)
        return
    _write(task.sample(sample, seed=seed), to, json_=json_)


def _list(*, json_: bool) -> None:
    listed = {name: summary(families.get(name)) for name in families.names()}
    if json_:
        print_json({"tasks": listed})
    else:
        out.print(task_table(listed))


def _parameter(text: str) -> tuple[str, Value]:
    """A name and its value: JSON where it is that, else text.

    >>> _parameter("n=50"), _parameter("pattern=abc"), _parameter('pattern="101"')
    (('n', 50), ('pattern', 'abc'), ('pattern', '101'))
    """
    name, sign, value = text.partition("=")
    if not sign:
        raise ArgumentError(f"--set takes NAME=VALUE, got {text!r}: --set n=50, say.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _write(samples: Samples, to: str, *, json_: bool) -> None:
    if json_:
        print_json({"samples": [{"x": x, "y": y} for x, y in samples]})
    elif to == "jsonl":
        sys.stdout.writelines(json.dumps({"x": x, "y": y}) + "\n" for x, y in samples)
    else:
        _write_csv(samples)


def _write_csv(samples: Samples) -> None:
    """A column each for the parts of an input that is a row, else one, x; the label is y."""
    rows = [{**x, "y": y} if isinstance(x, dict) else {"x": x, "y": y} for x, y in samples]
    if any(isinstance(cell, (list, tuple, dict)) for row in rows for cell in row.values()):
        raise ArgumentError("the inputs are lists, which no CSV cell can hold. Use --to jsonl.")
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
