"""The report: one HTML file that needs no network, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.util import find_spec
from string import Template

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_task
from llmerm.experiments.chart import Chart
from llmerm.experiments.intervals import Summary
from llmerm.experiments.outcome import Drawn, Finished, Outcome
from llmerm.experiments.plot import Theme, svg
from llmerm.experiments.table import Entry, Table, shown
from llmerm.typing import Usage
from llmerm.views import style
from llmerm.views.card import folded, note
from llmerm.views.code import code
from llmerm.views.table import facts, table
from llmerm.views.text import html


def page(bench: Bench, results: Sequence[Finished], origin: Mapping[str, str]) -> str:
    """The report of an experiment: question, table, figure, programs, candidates, cost, origin.

    Args:
        bench: the experiment.
        results: what was measured, all or a part.
        origin: versions and the like, by name.

    Whatever a model wrote is escaped, and a policy in the file itself forbids scripts and any
    request to anywhere.
    """
    return Template(_read("page.html")).substitute(
        title=html(bench.name),
        style=style.colours(".llmerm") + _read("page.css") + style.parts(),
        question=html(bench.question),
        summary=html(_in_short(results)),
        figure=_figure(bench.figure(results)),
        table=_table(bench.table(results)),
        programs="".join(_programs(results)) or "<p>None were asked for.</p>",
        cost=facts(_cost(results)),
        provenance=facts(origin.items()),
    )


def _read(name: str) -> str:
    return (files("llmerm.experiments") / name).read_text()


def _in_short(results: Sequence[Finished]) -> str:
    failed = sum(outcome.status == "failed" for _, outcome in results)
    seeds = len({cell.seed for cell, _ in results})
    tail = f", {failed} of them failed" if failed else ""
    return f"{len(results)} cells, {seeds} seed{'s' * (seeds != 1)}{tail}."


def _figure(chart: Chart) -> str:
    """The figure drawn twice, of which the style sheet shows the one for the reader's theme."""
    if find_spec("matplotlib") is None:
        return "<p>Figures need matplotlib: pip install 'llmerm[plot]'.</p>"
    themes: tuple[Theme, ...] = ("light", "dark")
    pictures = "".join(
        f'<div class="{theme}-only">{_inline(chart, theme)}</div>' for theme in themes
    )
    return (
        f'<figure role="img" aria-label="{html(chart.title)}">{pictures}'
        f"<figcaption>{html(chart.title)}.</figcaption></figure>"
    )


def _inline(chart: Chart, theme: Theme) -> str:
    """The SVG element alone, without the XML declaration that HTML does not take."""
    drawn = svg(chart, theme=theme)
    return drawn[drawn.index("<svg") :]


def _table(measured: Table) -> str:
    cells = ([_entry(entry) for entry in row] for row in measured.rows)
    return table(measured.columns, cells, caption=measured.title) + note(measured.note)


def _entry(entry: Entry) -> str:
    """A mean has its interval below it, small, so that wide tables stay readable."""
    if isinstance(entry, Summary):
        return f"{html(entry.brief)}<small>{html(entry.interval)}</small>"
    return html(shown(entry))


def _programs(results: Sequence[Finished]) -> Iterator[str]:
    """For each task its programs, one that several seeds have found once."""
    for title, rows in by_task(results).items():
        found: dict[tuple[str, str | None], list[Finished]] = {}
        for one in rows:
            if one.outcome.candidates:
                found.setdefault((_about(one), one.outcome.source), []).append(one)
        if found:
            told = "".join(_found(about, source, own) for (about, source), own in found.items())
            yield f"<h3>{html(title)}</h3>{told}"


def _about(one: Finished) -> str:
    changed = f", {one.cell.probe}" if one.cell.probe else ""
    return f"{one.cell.method.label}, m={one.cell.m}{changed}"


def _found(about: str, source: str | None, own: Sequence[Finished]) -> str:
    """A program, and below it what each seed that found it says of it."""
    program = code(source) if source else "<p>No program could be scored.</p>"
    seeds = "".join(
        folded(f"seed {cell.seed}: {_verdict(outcome)}", _candidates(outcome.candidates))
        for cell, outcome in own
    )
    return f"<section class='cell'><p><b>{html(about)}</b></p>{program}{seeds}</section>"


def _verdict(outcome: Outcome) -> str:
    parts = [outcome.status.replace("_", " ")]
    if outcome.status == "abstained":
        parts[0] = "abstained (the best candidate is not shown to beat a constant)"
    if outcome.test_accuracy is not None:
        parts.append(f"{100 * outcome.test_accuracy:.2f} % right on fresh samples")
    if outcome.bound is not None and outcome.bound < 1:
        parts.append(f"certified error at most {100 * outcome.bound:.2f} %")
    count = len(outcome.candidates)
    drawn = f"{count} candidate{'s' * (count != 1)}"
    return ", ".join([*parts, drawn, f"{outcome.seconds:.1f} s"])


def _candidates(candidates: Sequence[Drawn]) -> str:
    heads = ("draw", "train error", "held-out error", "bits", "why it has no score", "program")
    return table(heads, map(_drawn, candidates))


def _drawn(one: Drawn) -> tuple[str, ...]:
    figures = (shown(one.train_error), shown(one.held_out_error), shown(one.bits))
    source = code(one.source) if one.source else ""
    return (str(one.draw), *map(html, figures), html(one.reason), source)


def _cost(results: Sequence[Finished]) -> Iterator[tuple[str, str]]:
    total = sum((outcome.usage for _, outcome in results), Usage())
    yield "wall time of all cells", f"{sum(outcome.seconds for _, outcome in results):.1f} s"
    yield "calls to models", f"{total.calls:,}"
    yield "tokens in, of which cached", f"{total.tokens_in:,}, {total.tokens_cached:,}"
    yield "tokens out, of which to reason", f"{total.tokens_out:,}, {total.tokens_reasoning:,}"
    yield "US dollars", f"{total.usd:.4f}"
