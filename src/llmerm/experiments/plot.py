"""Draws a chart with matplotlib: vector, colour-blind safe, readable in print and on a screen."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple

from llmerm.errors import MissingExtraError
from llmerm.experiments.chart import Chart, Panel, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F")
"""Okabe and Ito's colours, which colour-blind readers can tell apart, the darkest first."""
MARKERS = "osD^vP*Xph"
Dash = Literal["-", "--", "-.", ":"]
DASHES: tuple[Dash, ...] = ("-", "--", "-.", ":")
_INK = {"light": "#1a1a1a", "dark": "#e6e6e6"}
_FAINT = {"light": "#c8c8c8", "dark": "#4a4a4a"}
_ACROSS = 3  # panels beside each other

Theme = Literal["light", "dark"]


def svg(chart: Chart, *, theme: Theme = "light") -> str:
    """The chart as SVG, the same for the same chart; its background is transparent.

    Raises:
        MissingExtraError: if matplotlib is not installed.

    >>> svg(Chart("T", "x", "y", ())).startswith("<?xml")
    True
    """
    return _saved(chart, "svg", theme).decode()


def pdf(chart: Chart) -> bytes:
    """The chart as PDF, for print."""
    return _saved(chart, "pdf", "light")


def _saved(chart: Chart, form: str, theme: Theme) -> bytes:
    with _style(theme):
        file = io.BytesIO()
        dates = {"Date" if form == "svg" else "CreationDate": None}
        _drawn(chart, theme).savefig(
            file, format=form, transparent=True, bbox_inches="tight", metadata=dates
        )
    return file.getvalue()


@contextmanager
def _style(theme: Theme) -> Iterator[None]:
    try:
        import matplotlib
    except ImportError as error:
        raise MissingExtraError("a figure", "matplotlib", "plot") from error
    ink = _INK[theme]
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.size": 9,
                "font.family": "DejaVu Sans",
                "svg.hashsalt": f"llmerm {theme}",
                "svg.fonttype": "path",
                "pdf.fonttype": 42,
                "text.color": ink,
                "axes.labelcolor": ink,
                "axes.edgecolor": ink,
                "axes.titlesize": 9,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "xtick.color": ink,
                "ytick.color": ink,
                "legend.frameon": False,
            }
        )
        yield


def _drawn(chart: Chart, theme: Theme) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(h_pad=0.08)  # inches between an axis and the next title
    count = max(1, len(chart.panels))
    across = 2 if count == 4 else min(_ACROSS, count)
    down = math.ceil(count / across)
    width, height = _size(chart, across)
    figure = Figure(figsize=(width, height * down), layout=layout)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    styles = _styles(chart)
    for ax, panel in zip(axes, chart.panels, strict=False):
        _panel(ax, chart, panel, styles, theme)
    for ax in axes[len(chart.panels) :]:
        ax.set_visible(False)
    _legend(figure, styles)
    return figure


def _size(chart: Chart, across: int) -> tuple[float, float]:
    """The figure's width and the height of one row of panels, in inches."""
    if not chart.rows:
        return max(4.2, 3.0 * across), 2.6
    series = max((len(panel.series) for panel in chart.panels), default=1)
    return max(7.0, 3.0 * across), 1.2 + len(chart.rows) * (0.15 + 0.055 * series)


class Style(NamedTuple):
    """How a series looks: none has to be told from another by its colour alone."""

    color: str
    marker: str
    dash: Dash


def _styles(chart: Chart) -> dict[str, Style]:
    labels = dict.fromkeys(one.label for panel in chart.panels for one in panel.series)
    return {
        label: Style(
            PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)], DASHES[i // 2 % len(DASHES)]
        )
        for i, label in enumerate(labels)
    }


def _panel(ax: Axes, chart: Chart, panel: Panel, styles: Mapping[str, Style], theme: Theme) -> None:
    ax.set_title(panel.title)
    ax.set_xlabel(chart.x_label)
    ax.set_ylabel(chart.y_label)
    if not any(one.points for one in panel.series):
        _empty(ax, theme)
        return
    if chart.rows:
        _dots(ax, chart, panel, styles, theme)
    else:
        _curves(ax, chart, panel, styles)
    _scales(ax, chart)
    _chance(ax, chart, theme)


def _empty(ax: Axes, theme: Theme) -> None:
    """Says that nothing was measured: such a panel has no scale, and no logarithmic one."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(0.5, 0.5, "no result", ha="center", va="center", color=_INK[theme])


def _dots(ax: Axes, chart: Chart, panel: Panel, styles: Mapping[str, Style], theme: Theme) -> None:
    """A dot a row and series, the series a little apart so that intervals do not cover others."""
    count = len(panel.series)
    for i, one in enumerate(panel.series):
        shift = (i - (count - 1) / 2) * 0.8 / max(count, 1)
        rows = [row + shift for row, _ in one.points]
        style = styles[one.label]
        ax.errorbar(
            _means(one, chart),
            rows,
            xerr=_ends(one, chart),
            color=style.color,
            marker=style.marker,
            linestyle="none",
            markersize=3.5,
            capsize=1.5,
        )
    ax.set_yticks(range(len(chart.rows)), chart.rows)
    ax.set_ylim(len(chart.rows) - 0.5, -0.5)
    for row in range(1, len(chart.rows)):
        ax.axhline(row - 0.5, color=_FAINT[theme], linewidth=0.5, zorder=0)


def _curves(ax: Axes, chart: Chart, panel: Panel, styles: Mapping[str, Style]) -> None:
    """A curve a series, the curves a hair apart so that no interval covers another."""
    every = [x for one in panel.series for x, _ in one.points]
    step = 0.02 if chart.log_x else 0.008 * (max(every) - min(every))
    for i, one in enumerate(panel.series):
        shift = step * (i - (len(panel.series) - 1) / 2)
        xs = [x * (1 + shift) if chart.log_x else x + shift for x, _ in one.points]
        style = styles[one.label]
        ax.errorbar(
            xs,
            _means(one, chart),
            yerr=_ends(one, chart),
            color=style.color,
            marker=style.marker,
            linestyle=style.dash,
            markersize=4,
            capsize=2,
        )


def _means(series: Series, chart: Chart) -> list[float]:
    return [_unit(chart) * mean.mean for _, mean in series.points]


def _ends(series: Series, chart: Chart) -> list[list[float]]:
    """The lengths of the intervals' arms, below and above; rounding makes none negative."""
    means = [mean for _, mean in series.points]
    unit = _unit(chart)
    return [
        [unit * max(0.0, one.mean - one.low) for one in means],
        [unit * max(0.0, one.high - one.mean) for one in means],
    ]


def _unit(chart: Chart) -> float:
    return 100.0 if chart.share else 1.0


def _scales(ax: Axes, chart: Chart) -> None:
    if chart.share:
        (ax.set_xlim if chart.rows else ax.set_ylim)(-3, 103)
    if chart.log_y:
        ax.set_yscale("log")
    if chart.log_x:
        ax.set_xscale("log")
        xs = sorted({x for panel in chart.panels for one in panel.series for x, _ in one.points})
        if len(xs) <= 6:
            ax.set_xticks(xs, [_tick(x) for x in xs])
            ax.minorticks_off()


def _tick(x: float) -> str:
    """10000 as 10k: five figures run into each other."""
    return f"{x / 1000:g}k" if x >= 10_000 else f"{x:g}"


def _chance(ax: Axes, chart: Chart, theme: Theme) -> None:
    if chart.chance is not None:
        line = ax.axvline if chart.rows else ax.axhline
        line(_unit(chart) * chart.chance, color=_FAINT[theme], linewidth=1, linestyle=":", zorder=0)


def _legend(figure: Figure, styles: Mapping[str, Style]) -> None:
    """One for all panels, below: a label may be missing from the first panel."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            label=label,
            color=style.color,
            marker=style.marker,
            linestyle=style.dash,
            markersize=4,
        )
        for label, style in styles.items()
    ]
    if handles:
        figure.legend(
            handles=handles, loc="outside lower center", ncols=min(4, len(handles)), fontsize=8
        )
