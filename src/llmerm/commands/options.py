"""Options and arguments that several commands have, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from llmerm import tasks

Form: TypeAlias = Literal["csv", "tsv", "jsonl"]

Data = Annotated[
    Path,
    typer.Argument(help="A CSV, TSV or JSONL file; - reads a pipe.", show_default=False),
]
Target = Annotated[str | None, typer.Option("--target", help="The column that holds the label.")]
Format = Annotated[
    Form | None,
    typer.Option("--format", help="What the data is; default: by its name, a pipe by its look."),
]
K = Annotated[int, typer.Option("--k", help="At most this many candidates.")]
Description = Annotated[
    str | None, typer.Option("--description", help="What you know of the rule, for models.")
]
Seed = Annotated[int, typer.Option("--seed", help="Of the split and the proposer.")]
HeldOut = Annotated[float, typer.Option("--held-out", help="The share to verify on, in [0, 1).")]
LossName = Annotated[str, typer.Option("--loss", help="zero_one, absolute or squared.")]
Tolerance = Annotated[
    float, typer.Option("--tolerance", help="Held-out error that is small enough.")
]
Ledger = Annotated[
    Path | None,
    typer.Option("--ledger", help="Keep every draw here, resume, and count uses of the data."),
]
Usd = Annotated[float | None, typer.Option("--usd", help="Stop before more dollars are spent.")]
Calls = Annotated[int | None, typer.Option("--calls", help="Stop before more calls are made.")]
Seconds = Annotated[float | None, typer.Option("--seconds", help="Stop after so much time.")]
MaxPromptSamples = Annotated[
    int | None, typer.Option("--max-prompt-samples", help="Show a model at most so many.")
]
Anonymise = Annotated[
    bool, typer.Option("--anonymise", help="Hide names of columns and symbols from a model.")
]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Run programs even where this host has no sandbox.")
]
Export = Annotated[
    Path | None, typer.Option("--export", help="Write the program as a module, RULE.py.")
]
Save = Annotated[
    Path | None, typer.Option("--save", help="Write the whole result, RULE.json, for predict.")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace the files of --export and --save.")
]
RuleFile = Annotated[
    Path,
    typer.Argument(help="A program (.py), or a saved result (.json).", show_default=False),
]


def task_names(incomplete: str) -> list[str]:
    """The families whose names begin like this, for the shell's completion.

    >>> "parity" in task_names("par")
    True
    """
    return [name for name in tasks.names() if name.startswith(incomplete)]


def proposer_names(incomplete: str) -> list[str]:
    """The proposers whose names begin like this, for the shell's completion.

    >>> proposer_names("enu")
    ['enumerate']
    """
    known = ("anthropic:", "auto", "enumerate", "length_first", "local", "openai:", "replay:")
    return [name for name in known if name.startswith(incomplete)]


Proposers = Annotated[
    list[str] | None,
    typer.Option(
        "--proposer",
        help="As in demo, or auto: the provider whose key is set, else enumerate. "
        "Given more than once, they draw in turn.",
        autocompletion=proposer_names,
    ),
]
