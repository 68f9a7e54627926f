"""The command line: `llmerm demo`, `fit`, `report`, `tasks`, `doctor`, `bench`, `merge`."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from llmerm import console, report_table
from llmerm import tasks as families
from llmerm.bench_command import bench
from llmerm.demo import rows
from llmerm.driver import Forecast, forecast
from llmerm.driver import fit as learn
from llmerm.errors import ArgumentError
from llmerm.merge_command import merge
from llmerm.proposers.base import Proposer
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.registry import resolve
from llmerm.report import report
from llmerm.samples import Samples
from llmerm.sandbox import default
from llmerm.sandbox.checkup import checkup
from llmerm.shell import Json, err, out, print_json, told
from llmerm.typing import Budget
from llmerm.version import __version__

app = typer.Typer(
    help="Learn short, readable programs from few labelled examples, verified on held-out data.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

Proposers = Annotated[
    str,
    typer.Option(
        "--proposer",
        help="openai:MODEL, anthropic:MODEL, local, enumerate, length_first, replay:LEDGER, auto.",
    ),
]
K = Annotated[int, typer.Option("--k", help="At most this many candidates.")]
Seed = Annotated[int, typer.Option("--seed", help="Of the split and the proposer.")]


@app.callback(invoke_without_command=True)
def _main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.")
    ] = False,
) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


@app.command()
@told
def demo(
    json_: Json = False,
    proposer: Proposers = "enumerate",
    k: K = 16,
    n: Annotated[int, typer.Option("--n", help="Length of the inputs.")] = 100,
    seed: Seed = 0,
) -> None:
    """Recover the paper's rules from 200 samples each, and check them on 10,000 fresh ones.

    It never spends money: it searches with the embedded proposer unless you name another.

    Example: [bold]llmerm demo --json > demo.json[/]
    """
    started = time.monotonic()
    published = tuple(families.published(n=n).items())
    done = []
    with console.live_line(err) as line:
        hook = line.hook()
        line.show(f"{published[0][0]} ...")
        for row in rows(published, proposer=proposer, k=k, seed=seed, progress=hook):
            done.append(row)
            line.keep(console.demo_line(row, len(done), len(published)))
            if len(done) < len(published):
                line.show(f"{published[len(done)][0]} ...")
    seconds = time.monotonic() - started
    if json_:
        summary = {"proposer": proposer, "seconds": seconds, "isolation": done[0].isolation}
        print_json({"tasks": [asdict(row) for row in done], **summary})
    else:
        out.print(console.demo_table(done, width=out.width))
        out.print(console.demo_epilogue(done, seconds), soft_wrap=True)


@app.command()
@told
def fit(
    file: Annotated[Path, typer.Argument(help="A CSV, TSV or JSONL file.", show_default=False)],
    target: Annotated[
        str | None, typer.Option("--target", help="The column that holds the label.")
    ] = None,
    k: K = 16,
    proposer: Annotated[
        list[str] | None,
        typer.Option(
            "--proposer",
            help="As in demo, or auto: the provider whose key is set, else enumerate. "
            "Given more than once, they draw in turn.",
        ),
    ] = None,
    held_out: Annotated[
        float, typer.Option("--held-out", help="The share to verify on, in [0, 1).")
    ] = 0.5,
    loss: Annotated[
        str, typer.Option("--loss", help="zero_one, absolute or squared.")
    ] = "zero_one",
    tolerance: Annotated[
        float, typer.Option("--tolerance", help="Held-out error to stop at.")
    ] = 0.0,
    description: Annotated[
        str | None, typer.Option("--description", help="What you know of the rule, for models.")
    ] = None,
    seed: Seed = 0,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="Keep every draw in this file, and resume.")
    ] = None,
    usd: Annotated[
        float | None, typer.Option("--usd", help="Stop before more dollars are spent.")
    ] = None,
    calls: Annotated[
        int | None, typer.Option("--calls", help="Stop before more calls are made.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Stop after so much time.")
    ] = None,
    max_prompt_samples: Annotated[
        int | None, typer.Option("--max-prompt-samples", help="Show a model at most so many.")
    ] = None,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="Hide names of columns and symbols from a model.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print prompt and highest cost; call nothing.")
    ] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run candidates even where this host has no sandbox.")
    ] = False,
    json_: Json = False,
) -> None:
    """Learn a program from the rows of a table.

    Example: [bold]llmerm fit iris.csv --target species --k 16[/]
    """
    samples = _read(file, target)
    asked = _proposer(proposer, anonymise=anonymise, max_prompt_samples=max_prompt_samples)
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
    with console.live_line(err) as line:
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
    if json_:
        print_json(console.result_as_dict(result))
    else:
        console.print_result(out, result)


@app.command()
@told
def tasks(json_: Json = False) -> None:
    """List the task families, with what each one asks.

    Example: [bold]llmerm tasks[/]
    """
    listed = {name: console.summary(families.get(name)) for name in families.names()}
    if json_:
        print_json({"tasks": listed})
    else:
        out.print(console.task_table(listed))


@app.command("report")
@told
def show_report(
    ledger: Annotated[Path, typer.Argument(help="The file of a run.", show_default=False)],
    prompt: Annotated[bool, typer.Option("--prompt", help="Print the prompts, too.")] = False,
    json_: Json = False,
) -> None:
    """Show what a ledger holds: each run's draws, verdicts, cost, and what was chosen.

    It asks nothing and runs nothing. The JSON also has the prompts, the replies and the sources.

    Example: [bold]llmerm report run.sqlite[/]
    """
    runs = report(ledger)
    if json_:
        print_json({"runs": [report_table.as_dict(run) for run in runs]})
    else:
        report_table.print_report(out, runs, prompt=prompt)


@app.command()
@told
def doctor(json_: Json = False) -> None:
    """Show what this host enforces on candidate programs, layer by layer, and try it.

    It runs an honest program and two hostile ones. The exit code is 0 where the sandbox held, and 1
    where it did not or there is none.

    Example: [bold]llmerm doctor[/]
    """
    found = checkup()
    if json_:
        print_json({"safe": found.safe, **asdict(found)})
    else:
        console.print_checkup(out, found)
    if not found.safe:
        raise typer.Exit(1)


app.command()(told(bench))
app.command()(told(merge))


def _read(file: Path, target: str | None) -> Samples:
    if file.suffix in (".jsonl", ".ndjson"):
        return Samples.from_jsonl(file, target=target)
    if target is None:
        raise ArgumentError(f"which column of {file} holds the label? Pass --target COLUMN.")
    return Samples.from_csv(file, target=target)


def _proposer(
    names: list[str] | None, *, anonymise: bool, max_prompt_samples: int | None
) -> Proposer | str:
    """The proposer that the names stand for, asked in the way the options say."""
    spec: object = names[0] if names and len(names) == 1 else names or "auto"
    if not anonymise and max_prompt_samples is None:
        return resolve(spec).proposer if names and len(names) > 1 else str(spec)
    proposer = resolve(spec).proposer
    if not isinstance(proposer, ModelProposer):
        raise ArgumentError(
            f"--anonymise and --max-prompt-samples are for models, {proposer.name!r} is none."
        )
    return proposer.asking(anonymise=anonymise, max_prompt_samples=max_prompt_samples)


def _show_forecast(told: Forecast, *, json_: bool) -> None:
    if json_:
        print_json(asdict(told))
    else:
        console.print_forecast(out, told)


def main() -> None:
    """Runs the command line; installed as `llmerm`."""
    app()
