"""The report: one HTML file that needs no network, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from importlib.util import find_spec
from string import Template

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.grouping import by_task
from llmerm.experiments.chart import Chart
from llmerm.experiments.intervals import Summary
from llmerm.experiments.outcome import Drawn, Finished, Outcome
from llmerm.experiments.plot import Theme, svg
from llmerm.experiments.table import Entry, Table, shown
from llmerm.program import printable
from llmerm.typing import Usage

_STYLES: Mapping[Theme, str] = {"light": "xcode", "dark": "github-dark"}


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
        title=_text(bench.name),
        style=_read("page.css") + _highlighting(),
        question=_text(bench.question),
        summary=_text(_in_short(results)),
        figure=_figure(bench.figure(results)),
        table=_table(bench.table(results)),
        programs="".join(_programs(results)) or "<p>None were asked for.</p>",
        cost=_rows(_cost(results)),
        provenance=_rows(origin.items()),
    )


def _read(name: str) -> str:
    return (files("llmerm.experiments") / name).read_text()


def _text(text: str) -> str:
    return escape(printable(text))


def _highlighting() -> str:
    light, dark = (
        HtmlFormatter(style=style, nobackground=True).get_style_defs(".code")
        for style in _STYLES.values()
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


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
        f'<figure role="img" aria-label="{_text(chart.title)}">{pictures}'
        f"<figcaption>{_text(chart.title)}.</figcaption></figure>"
    )


def _inline(chart: Chart, theme: Theme) -> str:
    """The SVG element alone, without the XML declaration that HTML does not take."""
    drawn = svg(chart, theme=theme)
    return drawn[drawn.index("<svg") :]


def _table(table: Table) -> str:
    head = "".join(f"<th>{_text(name)}</th>" for name in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_entry(entry)}</td>" for entry in row) + "</tr>"
        for row in table.rows
    )
    return (
        f"<div class='scroll'><table><caption>{_text(table.title)}</caption><thead><tr>{head}</tr>"
        f"</thead><tbody>{body}</tbody></table></div><p class='note'>{_text(table.note)}</p>"
    )


def _entry(entry: Entry) -> str:
    """A mean has its interval below it, small, so that wide tables stay readable."""
    if isinstance(entry, Summary):
        return f"{_text(entry.brief)}<small>{_text(entry.interval)}</small>"
    return _text(shown(entry))


def _programs(results: Sequence[Finished]) -> Iterator[str]:
    """For each task its programs, one that several seeds have found once."""
    for title, rows in by_task(results).items():
        found: dict[tuple[str, str | None], list[Finished]] = {}
        for one in rows:
            if one.outcome.candidates:
                found.setdefault((_about(one), one.outcome.source), []).append(one)
        if found:
            told = "".join(_found(about, source, own) for (about, source), own in found.items())
            yield f"<h3>{_text(title)}</h3>{told}"


def _about(one: Finished) -> str:
    changed = f", {one.cell.probe}" if one.cell.probe else ""
    return f"{one.cell.method.label}, m={one.cell.m}{changed}"


def _found(about: str, source: str | None, own: Sequence[Finished]) -> str:
    """A program, and below it what each seed that found it says of it."""
    code = _code(source) if source else "<p>No program could be scored.</p>"
    seeds = "".join(
        f"<details><summary>seed {cell.seed}: {_text(_verdict(outcome))}</summary>"
        f"{_candidates(outcome.candidates)}</details>"
        for cell, outcome in own
    )
    return f"<section class='cell'><p><b>{_text(about)}</b></p>{code}{seeds}</section>"


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


def _code(source: str) -> str:
    """Highlighted, with whatever is not printable escaped."""
    painted: str = highlight(printable(source.strip()), PythonLexer(), HtmlFormatter(nowrap=True))
    return f"<pre class='code'>{painted}</pre>"


def _candidates(candidates: Sequence[Drawn]) -> str:
    rows = "".join(
        "<tr>"
        f"<td>{one.draw}</td><td>{shown(one.train_error)}</td><td>{shown(one.held_out_error)}</td>"
        f"<td>{shown(one.bits)}</td><td>{_text(one.reason)}</td>"
        f"<td>{_code(one.source) if one.source else ''}</td></tr>"
        for one in candidates
    )
    heads = ("draw", "train error", "held-out error", "bits", "why it has no score", "program")
    head = "".join(f"<th>{name}</th>" for name in heads)
    return (
        f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</div>"
    )


def _cost(results: Sequence[Finished]) -> Iterator[tuple[str, str]]:
    total = sum((outcome.usage for _, outcome in results), Usage())
    yield "wall time of all cells", f"{sum(outcome.seconds for _, outcome in results):.1f} s"
    yield "calls to models", f"{total.calls:,}"
    yield "tokens in, of which cached", f"{total.tokens_in:,}, {total.tokens_cached:,}"
    yield "tokens out, of which to reason", f"{total.tokens_out:,}, {total.tokens_reasoning:,}"
    yield "US dollars", f"{total.usd:.4f}"


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in pairs
    )
