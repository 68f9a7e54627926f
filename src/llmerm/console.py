"""What the command line shows: a live line, tables, JSON."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from rich.console import Console, Group
from rich.markup import escape
from rich.status import Status
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from llmerm.candidate import Candidate
from llmerm.demo import Row
from llmerm.driver import Forecast
from llmerm.meter import spent
from llmerm.program import Program, parse
from llmerm.progress import sentence
from llmerm.result import FitResult
from llmerm.sandbox.checkup import Checkup
from llmerm.typing import Progress, ProgressHook


def plain(text: str) -> str:
    """The text with control characters and markup made harmless."""
    return escape("".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text))


class LiveLine:
    """One line that is rewritten while work goes on; on no terminal only `keep` prints."""

    def __init__(self, console: Console, status: Status) -> None:
        self._console = console
        self._status = status
        self._title = ""

    def show(self, title: str) -> None:
        """Names the work that is under way."""
        self._title = title
        self._status.update(plain(title))

    def keep(self, line: str) -> None:
        """Prints a line that stays."""
        self._console.print(line, soft_wrap=True)

    def hook(self) -> ProgressHook:
        """A `progress` callable that shows how far a fit is."""

        def note(at: Progress) -> None:
            self._status.update(plain(f"{self._title} {sentence(at)}".strip()))

        return note


@contextmanager
def live_line(console: Console) -> Iterator[LiveLine]:
    """A live line on the console for as long as the block runs."""
    with console.status("") as status:
        yield LiveLine(console, status)


def demo_line(row: Row, done: int, of: int) -> str:
    """One task of the demo as it ends."""
    return plain(f"[{done}/{of}] {row.task}: {row.status} in {row.seconds:.1f} s")


WIDE = 110
"""Columns of a terminal from which on a demo's table has all its figures."""


def demo_table(rows: Sequence[Row], *, width: int) -> Table:
    """The demo's outcome; in a narrow terminal without bits and seconds."""
    table = Table(title="Rules recovered from 200 samples each", show_lines=True)
    table.add_column("task")
    table.add_column("program found", overflow="fold", ratio=1)
    for name, wide in _FIGURES:
        if not wide or width >= WIDE:
            table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*_cells(row, wide=width >= WIDE))
    return table


_FIGURES = (
    ("error at\nmost (95%)", False),
    ("right on\nfresh", False),
    ("at twice\nthe length", False),
    ("prior\nbits", True),
    ("s", True),
)


def _cells(row: Row, *, wide: bool) -> list[Text]:
    found = Text("no program beats chance", style="dim")
    if row.source is not None:
        found = code(shortened(Program(row.source)))
    figures = [
        _number(row.error_bound, ".1%"),
        _number(row.test_accuracy, ".2%"),
        _number(row.longer_accuracy, ".2%"),
    ]
    if wide:
        figures += [_number(row.bits, ".0f"), Text(f"{row.seconds:.1f}")]
    return [Text(row.task), found, *figures]


def _number(value: float | None, form: str) -> Text:
    return Text("-" if value is None else format(value, form))


def shortened(program: Program) -> str:
    r"""The program as shown in a table: the function to call, and its helpers by name.

    >>> print(shortened(Program("def g(x): return 1\ndef f(x): return g(x)")))
    # with g()
    def f(x): return g(x)
    """
    functions = {s.name: s for s in parse(program.source).body if isinstance(s, ast.FunctionDef)}
    if program.name not in functions:
        return program.pretty()
    entry = functions.pop(program.name)
    lines = program.pretty().splitlines()[entry.lineno - 1 : entry.end_lineno]
    helpers = ", ".join(f"{name}()" for name in functions)
    return "\n".join([f"# with {helpers}"] * bool(functions) + lines)


def demo_epilogue(rows: Sequence[Row], seconds: float) -> str:
    """What the table says in a sentence, and what to try next."""
    exact = sum(row.test_accuracy == 1.0 for row in rows)
    return (
        f"\n{exact} of {len(rows)} rules exact on fresh samples, in {seconds:.0f} s.\n"
        + "".join(map(_caveat, filter(_short_sighted, rows)))
        + "Your own data: [bold]llmerm fit FILE.csv --target COLUMN[/]. "
        "With a language model: set OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENAI_BASE_URL and add "
        "[bold]--proposer openai:MODEL[/] or [bold]anthropic:MODEL[/]; [bold]--dry-run[/] shows "
        "prompt and highest cost first."
    )


def _short_sighted(row: Row) -> bool:
    return row.test_accuracy == 1.0 and (row.longer_accuracy or 0.0) < 0.99


def _caveat(row: Row) -> str:
    return (
        f"{row.task}: this program is right on inputs like the samples and wrong on longer ones. "
        "What the generator of the samples gives away is enough to tell them apart, and the "
        "certificate speaks of such inputs alone.\n"
    )


def print_result(console: Console, result: FitResult) -> None:
    """A fit's outcome: the program, the candidates, the certificate."""
    console.print(_candidates(result.candidates))
    if result.status == "abstained" and result.chosen is not None:
        console.print("best candidate, not shown to beat a constant:")
    if result.chosen is not None:
        console.print(code(result.program.pretty()), soft_wrap=True)
    console.print(Group(*map(Text, _sentences(result))), soft_wrap=True)


def print_forecast(console: Console, told: Forecast) -> None:
    """What a fit would ask and could cost."""
    console.print(plain(f"proposer {told.proposer} ({told.because})"), soft_wrap=True)
    if told.prompt is None:
        console.print("it asks no model and costs nothing")
        return
    console.print(plain(told.prompt), soft_wrap=True)
    usd = f"${told.most.usd:.4f}" if told.priced else "a price that is not known"
    console.print(
        f"at most {told.most.calls} calls, {told.most.tokens_in:,} tokens in (nothing cached), "
        f"{told.most.tokens_out:,} out: {usd}. Nothing was called.",
        soft_wrap=True,
    )


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


def code(source: str) -> Text:
    """Highlighted, and never cut: a line that is too long wraps in the terminal."""
    painter = Syntax("", "python", background_color="default", word_wrap=True)
    text = painter.highlight(source.strip())
    text.rstrip()
    return text


def _errors(candidate: Candidate) -> str:
    train, held = candidate.train_error, candidate.held_out_error
    shown = "nothing was held out" if held is None else f"held-out error {held:.4g}"
    return shown if train is None else f"{shown}, train error {train:.4g}"


def _candidates(candidates: Sequence[Candidate]) -> Table:
    table = Table(title=f"{len(candidates)} candidate{'s' * (len(candidates) != 1)}")
    for name in ("draw", "train error", "held-out error", "bits", "remark"):
        table.add_column(name, justify="left" if name == "remark" else "right", overflow="fold")
    for one in candidates:
        bits = _number(one.bits, ".0f")
        errors = (_number(one.train_error, ".4g"), _number(one.held_out_error, ".4g"))
        table.add_row(Text(str(one.draw)), *errors, bits, Text(one.remark))
    return table


def task_table(families: Mapping[str, str]) -> Table:
    """The task families, with their first sentences."""
    table = Table(title="Task families: llmerm.tasks.get(NAME, n=100).sample(200)")
    table.add_column("name")
    table.add_column("what it is", overflow="fold")
    for name, summary in families.items():
        table.add_row(name, Text(summary))
    return table


def print_checkup(console: Console, found: Checkup) -> None:
    """What this host enforces, what is missing and how to get it, and what was tried."""
    table = Table(title=Text(found.system))
    for name in ("layer", "here", "what it is", "how to get it"):
        table.add_column(name, overflow="fold")
    for layer in found.layers:
        cells = (layer.name, "yes" if layer.present else "no", layer.detail, layer.remedy)
        table.add_row(*map(Text, cells))
    console.print(table)
    console.print(plain(f"sandbox: {found.backend or 'none'}: {found.isolation}"), soft_wrap=True)
    for check in found.checks:
        mark = "ok" if check.passed else "FAILED"
        console.print(plain(f"{mark}: {check.name}: {check.outcome}"), soft_wrap=True)


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


def finite(content: object) -> object:
    """The content with None for each float that JSON cannot hold."""
    if isinstance(content, float) and not math.isfinite(content):
        return None
    if isinstance(content, Mapping):
        return {key: finite(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [finite(value) for value in content]
    return content
