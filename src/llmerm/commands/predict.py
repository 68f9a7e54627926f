"""`llmerm predict`: what a rule says of new rows."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from typing import Annotated, Literal

import typer

from llmerm import predicting
from llmerm.commands import options, outcome, rules
from llmerm.commands.data import unlabelled
from llmerm.console.text import plain
from llmerm.sandbox import default
from llmerm.shell import Json, err, print_json
from llmerm.typing import Prediction, SampleError


def predict(
    rule: options.RuleFile,
    file: options.Data,
    target: Annotated[
        str | None, typer.Option("--target", help="A label column in the data, to leave out.")
    ] = None,
    form: options.Format = None,
    to: Annotated[
        Literal["csv", "jsonl"] | None,
        typer.Option("--to", help="How to write them; default: as the data came."),
    ] = None,
    unsafe: options.Unsafe = False,
    json_: Json = False,
) -> None:
    """Write what a rule says of each row, in the order of the rows, to standard output.

    It runs in the sandbox. A row on which it raises has an empty cell (null in JSON lines), is
    counted on the error stream, and makes the exit code 3.

    Examples:
    [bold]llmerm predict rule.json new.csv > predictions.csv[/]

    A module that was exported, on rows that have labels, too:
    [bold]llmerm predict rule.py table.csv --target y --to jsonl[/]

    From a pipe: [bold]cat new.csv | llmerm predict rule.json - --json[/]
    """
    found = rules.load(rule)
    inputs, came = unlabelled(file, target, form, like=found.examples)
    sandbox = default(unsafe=unsafe)
    predictions = predicting.predictions(found.program, inputs, sandbox=sandbox)
    if json_:
        print_json(_as_dict(predictions))
    elif (to or came) == "jsonl":
        sys.stdout.writelines(f"{json.dumps(_plain(one))}\n" for one in predictions)
    else:
        _write_csv(predictions)
    _tell_errors(predictions)


def _plain(one: Prediction) -> object:
    return None if isinstance(one, SampleError) else one


def _as_dict(predictions: list[Prediction]) -> dict[str, object]:
    errors = {
        str(row): {"kind": one.kind, "detail": one.detail}
        for row, one in enumerate(predictions)
        if isinstance(one, SampleError)
    }
    return {"predictions": [_plain(one) for one in predictions], "errors": errors}


def _write_csv(predictions: list[Prediction]) -> None:
    """One column with a header. A truth value is 1 or 0, as labels in a CSV file are."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["prediction"])
    writer.writerows([_cell(one)] for one in map(_plain, predictions))


def _cell(one: object) -> object:
    if isinstance(one, (list, tuple, dict)):
        return json.dumps(one)
    return int(one) if isinstance(one, bool) else one


def _tell_errors(predictions: list[Prediction]) -> None:
    errors = Counter(one.kind for one in predictions if isinstance(one, SampleError))
    if errors:
        kinds = ", ".join(f"{count} {kind}" for kind, count in errors.most_common())
        told = f"{sum(errors.values())} of {len(predictions)} rows have no prediction: {kinds}"
        row, first = next((i, p) for i, p in enumerate(predictions) if isinstance(p, SampleError))
        told += f" (the first is row {row}: {first.kind}: {first.detail:.80})"
        err.print(f"[yellow]note:[/] {plain(told)}", soft_wrap=True)
    outcome.leave_unless(not errors)
