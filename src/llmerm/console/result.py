"""The outcome of a fit on the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from llmerm.candidate import Candidate
from llmerm.console.text import code, number
from llmerm.meter import spent
from llmerm.result import FitResult


def print_result(console: Console, result: FitResult) -> None:
    """A fit's outcome: the program, the candidates, the certificate."""
    console.print(_candidates(result.candidates))
    if result.status == "abstained" and result.chosen is not None:
        console.print("best candidate, not shown to beat a constant:")
    if result.chosen is not None:
        console.print(code(result.program.pretty()), soft_wrap=True)
    console.print(Group(*map(Text, _sentences(result))), soft_wrap=True)


def _sentences(result: FitResult) -> Iterator[str]:
    if result.status == "abstained":
        scored = result.chosen is not None
        yield "abstained: " + (
            f"no program is shown to beat chance (the best constant has error "
            f"{result.chance_error:.4g})"
            if scored
            else "no candidate could be scored"
        )
    else:
        yield f"{result.status.replace('_', ' ')}: {_errors(result.best)}"
    yield str(result.certificate)
    yield f"proposer {result.provenance.proposer} ({result.provenance.chosen_because})"
    if result.usage.calls:
        yield f"spent {spent(result.usage)}"
    yield f"isolation: {result.provenance.isolation}"


def _errors(candidate: Candidate) -> str:
    train, held = candidate.train_error, candidate.held_out_error
    shown = "nothing was held out" if held is None else f"held-out error {held:.4g}"
    return shown if train is None else f"{shown}, train error {train:.4g}"


def _candidates(candidates: Sequence[Candidate]) -> Table:
    table = Table(title=f"{len(candidates)} candidate{'s' * (len(candidates) != 1)}")
    for name in ("draw", "train error", "held-out error", "bits", "remark"):
        table.add_column(name, justify="left" if name == "remark" else "right", overflow="fold")
    for one in candidates:
        bits = number(one.bits, ".0f")
        errors = (number(one.train_error, ".4g"), number(one.held_out_error, ".4g"))
        table.add_row(Text(str(one.draw)), *errors, bits, Text(one.remark))
    return table


def result_as_dict(result: FitResult) -> dict[str, object]:
    """A fit's outcome as JSON-like values."""
    scored = result.chosen is not None
    return {
        "status": result.status,
        "source": result.program.source if scored else None,
        "train_error": result.train_error if scored else None,
        "held_out_error": result.held_out_error if scored else None,
        "chance_error": result.chance_error,
        "error_bound": result.certificate.bound,
        "certificate": {**asdict(result.certificate), "sentence": str(result.certificate)},
        "candidates": [_candidate_as_dict(candidate) for candidate in result.candidates],
        "stopped": result.stopped,
        "audit": [asdict(finding) for finding in result.audit],
        "usage": asdict(result.usage),
        "provenance": asdict(result.provenance),
    }


def _candidate_as_dict(candidate: Candidate) -> dict[str, object]:
    return {
        "draw": candidate.draw,
        "status": candidate.status,
        "reason": candidate.reason,
        "source": candidate.source,
        "train_error": candidate.train_error,
        "held_out_error": candidate.held_out_error,
        "bits": candidate.bits,
        "prior_bits": candidate.proposal.prior_bits,
        "duplicate_of": candidate.duplicate_of,
        "usage": asdict(candidate.cost),
    }
