"""A ledger's report on the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from llmerm.console.text import code, plain
from llmerm.meter import spent
from llmerm.report import Draw, RunReport
from llmerm.typing import Failed, Scored, Value
from llmerm.views.text import printable


def print_report(console: Console, runs: Sequence[RunReport], *, prompt: bool = False) -> None:
    """Each run: what was asked, what it cost, the draws, and the program that was chosen."""
    for number, run in enumerate(runs, 1):
        for line in (f"run {number} of {len(runs)}: {_title(run)}", *_sentences(run)):
            console.print(plain(line), soft_wrap=True)
        if prompt and run.run.prompt is not None:
            console.print(plain(run.run.prompt), soft_wrap=True)
        console.print(_draws(run.draws))
        for held_out, selection in run.selections.items():
            console.print(plain(_chosen(held_out, selection)), soft_wrap=True)
            source = run.source(selection.get("draw"))
            if source is not None:
                console.print(code(printable(source)), soft_wrap=True)
    if not runs:
        console.print("the ledger holds no runs")


def _title(run: RunReport) -> str:
    return f"proposer {run.run.proposer}, seed {run.run.seed}, train data {run.run.train[:12]}"


def _sentences(run: RunReport) -> Iterator[str]:
    yield f"parameters: {json.dumps(dict(run.run.parameters), sort_keys=True)[:2000]}"
    if run.run.description:
        yield f"description: {run.run.description}"
    if run.run.prompt is not None:
        size = f"{len(run.run.prompt):,} characters"
        yield f"prompt: {size}, SHA-256 {run.prompt_hash}; --prompt shows it"
    if run.usage.calls:
        yield f"spent {spent(run.usage)}"
    for use in run.uses:
        yield f"use number {use.position} of data {use.data[:12]}: k={use.k}, loss {use.loss}"
    counts = ", ".join(f"{count} {name}" for name, count in run.outcomes.most_common())
    yield f"{len(run.draws)} draw{'s' * (len(run.draws) != 1)}: {counts or 'none'}"


def _draws(draws: Sequence[Draw]) -> Table:
    table = Table()
    for name in ("draw", "train error", "held-out error", "tokens in", "out", "USD", "remark"):
        table.add_column(name, justify="left" if name == "remark" else "right", overflow="fold")
    for draw in draws:
        usage = draw.proposal.usage
        usd = f"{usage.usd:.4f}" if usage.usd else "-"
        cost = (f"{usage.tokens_in:,}", f"{usage.tokens_out:,}", usd)
        cells = (str(draw.proposal.draw), *_errors(draw), *cost, _remark(draw))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _errors(draw: Draw) -> tuple[str, str]:
    if not isinstance(draw.verdict, Scored):
        return "-", "-"
    train, held = draw.verdict.train_error, draw.verdict.held_out_error
    return _number(train), _number(held)


def _number(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else "-"


def _remark(draw: Draw) -> str:
    return str(draw.verdict) if isinstance(draw.verdict, Failed) else draw.outcome


def _chosen(held_out: str, selection: Mapping[str, Value]) -> str:
    bound = selection.get("error_bound")
    return (
        f"chosen on held-out data {held_out[:12]}: draw {selection.get('draw')}, held-out error "
        f"{_number(selection.get('held_out_error'))}, train error "
        f"{_number(selection.get('train_error'))}, population error at most {_number(bound)}"
    )


def as_dict(run: RunReport) -> dict[str, object]:
    """A run's report as JSON-like values, with prompts, replies and sources."""
    return {
        **asdict(run.run),
        "prompt_hash": run.prompt_hash,
        "usage": asdict(run.usage),
        "outcomes": dict(run.outcomes),
        "draws": [_draw_as_dict(draw) for draw in run.draws],
        "selections": run.selections,
        "uses": [asdict(use) for use in run.uses],
    }


def _draw_as_dict(draw: Draw) -> dict[str, object]:
    verdict = None if draw.verdict is None else asdict(draw.verdict)
    return {**asdict(draw.proposal), "outcome": draw.outcome, "verdict": verdict}
