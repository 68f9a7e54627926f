"""Figures: the same bytes for the same chart, intervals drawn, none without its package."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from llmerm.errors import MissingExtraError
from llmerm.experiments.chart import Chart, Panel, Series
from llmerm.experiments.intervals import Summary
from llmerm.experiments.plot import PALETTE, pdf, svg

WIDE = Summary(0.6, 0.4, 0.8, 5)


def chart(points, **changes):
    """Two series in two panels."""
    panels = tuple(
        Panel(name, tuple(Series(label, points) for label in ("one", "two"))) for name in "ab"
    )
    return Chart("T", "x", "y", panels, **changes)


CURVES = chart(((10.0, WIDE), (100.0, WIDE)), log_x=True)
ROWS = chart(((0.0, WIDE), (1.0, WIDE)), rows=("first", "second"))


@pytest.mark.parametrize("drawn", [CURVES, ROWS], ids=["curves", "rows"])
def test_a_figure_is_the_same_each_time(drawn):
    """As SVG and PDF, without a date."""
    assert svg(drawn) == svg(drawn)
    assert pdf(drawn) == pdf(drawn)
    assert pdf(drawn).startswith(b"%PDF")
    assert "<dc:date>" not in svg(drawn)


@pytest.mark.parametrize("drawn", [CURVES, ROWS], ids=["curves", "rows"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_is_whole_svg_in_safe_colours(drawn, theme):
    """Well-formed; each series has a colour of the palette and needs nothing from outside."""
    text = svg(drawn, theme=theme)
    ET.fromstring(text)
    assert all(colour.lower() in text.lower() for colour in PALETTE[:2])
    assert not re.search(r'(href|src)="(?!#)', text)


def test_intervals_are_drawn():
    """A wide one makes another figure than one without width, by its bars alone."""
    narrow = chart(((10.0, Summary(0.6, 0.6, 0.6, 5)), (100.0, Summary(0.6, 0.6, 0.6, 5))))
    wide = chart(((10.0, WIDE), (100.0, WIDE)))
    count = [svg(drawn).count("LineCollection") for drawn in (narrow, wide)]
    assert count[0] == count[1] == 4
    assert svg(narrow) != svg(wide)


@pytest.mark.parametrize("rows", [(), ("first", "second")], ids=["curves", "rows"])
def test_a_panel_without_results_is_drawn_empty(rows):
    """On logarithmic scales, too: every cell of a task may have failed."""
    full = ROWS if rows else CURVES
    some = replace(full, panels=(full.panels[0], Panel("failed", (Series("one", ()),))))
    none = replace(full, panels=(Panel("failed", (Series("one", ()),)),))
    for drawn in (some, none, replace(none, panels=(Panel("", ()),), log_y=True)):
        ET.fromstring(svg(drawn))


def test_a_missing_package_is_told_with_the_command(monkeypatch):
    """In one line."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'llmerm\[plot\]'"):
        svg(CURVES)
