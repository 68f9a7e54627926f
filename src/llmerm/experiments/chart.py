"""A figure as a value: panels of series of points with intervals, or rows of dots."""

from __future__ import annotations

from dataclasses import dataclass

from llmerm.experiments.intervals import Summary


@dataclass(frozen=True)
class Series:
    """One curve: points (x, mean with its interval), in the order of x."""

    label: str
    points: tuple[tuple[float, Summary], ...]


@dataclass(frozen=True)
class Panel:
    """The series that share one pair of axes."""

    title: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Chart:
    """A figure.

    Attributes:
        title: what it shows.
        x_label: with its unit, as `y_label`.
        panels: one for each task.
        log_x: whether x is on a logarithmic scale, and `log_y` whether y is.
        rows: names of x = 0, 1, ...: then a dot a row, read from the top, in place of curves.
        share: whether y is a share in [0, 1], shown in per cent.
        chance: where a guess lies, as a line; None for no such line.
    """

    title: str
    x_label: str
    y_label: str
    panels: tuple[Panel, ...]
    log_x: bool = False
    log_y: bool = False
    rows: tuple[str, ...] = ()
    share: bool = True
    chance: float | None = 0.5
