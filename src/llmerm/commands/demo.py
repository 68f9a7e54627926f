"""`llmerm demo`: the paper's rules, recovered."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer

from llmerm import tasks as families
from llmerm.commands import options
from llmerm.console import demo as view
from llmerm.console.live import live_line
from llmerm.demo import rows
from llmerm.shell import Json, err, out, print_json


def demo(
    json_: Json = False,
    proposer: Annotated[
        str,
        typer.Option(
            "--proposer",
            help="openai:MODEL, anthropic:MODEL, local, enumerate, length_first, replay:LEDGER, "
            "auto.",
            autocompletion=options.proposer_names,
        ),
    ] = "enumerate",
    k: options.K = 16,
    n: Annotated[int, typer.Option("--n", help="Length of the inputs.")] = 100,
    seed: options.Seed = 0,
) -> None:
    """Recover the paper's rules from 200 samples each, and check them on 10,000 fresh ones.

    It never spends money: it searches with the embedded proposer unless you name another.

    Examples:
    [bold]llmerm demo[/]

    Shorter inputs, for a program: [bold]llmerm demo --n 40 --json > demo.json[/]
    """
    started = time.monotonic()
    published = tuple(families.published(n=n).items())
    done = []
    with live_line(err) as line:
        hook = line.hook()
        line.show(f"{published[0][0]} ...")
        for row in rows(published, proposer=proposer, k=k, seed=seed, progress=hook):
            done.append(row)
            line.keep(view.demo_line(row, len(done), len(published)))
            if len(done) < len(published):
                line.show(f"{published[len(done)][0]} ...")
    seconds = time.monotonic() - started
    if json_:
        summary = {"proposer": proposer, "seconds": seconds, "isolation": done[0].isolation}
        print_json({"tasks": [asdict(row) for row in done], **summary})
    else:
        out.print(view.demo_table(done, width=out.width))
        out.print(view.demo_epilogue(done, seconds), soft_wrap=True)
