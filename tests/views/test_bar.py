"""The picture of an error: every part where the numbers say."""

from __future__ import annotations

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from llmerm.views.bar import Estimate, bar, share

NUMBERS = st.floats(min_value=0, max_value=1e300) | st.sampled_from([math.inf, math.nan, 1e-320])


def places(picture, name):
    """The values that a part of the picture stands for, on a scale from 0 to 1."""
    found = re.search(rf'llmerm-{name}"(?: x1="([\d.]+)%" x2="([\d.]+)%"| cx="([\d.]+)%")', picture)
    return [round((float(p) - 2) / 96, 3) for p in found.groups() if p is not None]


def test_each_part_lies_where_its_number_says():
    """A fifth of the scale is a fifth of the line."""
    estimate = Estimate(value=0.1, interval=(0.05, 0.2), bound=0.25, mark=0.5)
    picture = bar(estimate, top=estimate.reach, told="")
    assert estimate.reach == 0.5
    assert places(picture, "dot") == [0.2]
    assert places(picture, "interval") == [0.1, 0.4]
    assert places(picture, "bound") == [0, 0.5]
    assert places(picture, "mark") == [1, 1]


def test_what_is_missing_is_not_drawn():
    """An axis alone."""
    assert re.findall(r"llmerm-(\w+)", bar(Estimate(), top=1, told="")) == ["bar", "axis"]


@given(NUMBERS, st.tuples(NUMBERS, NUMBERS), NUMBERS, st.floats(1e-300, 1e300))
def test_no_number_leaves_the_picture(value, interval, bound, top):
    """What is infinite, no number, or beyond the scale lies at its end."""
    picture = bar(Estimate(value, interval, bound), top=top, told="")
    shown = [float(p) for p in re.findall(r'[xc][x12]="([^"%]+)%"', picture)]
    assert len(shown) == 9
    assert all(2 <= place <= 98 for place in shown)


@given(NUMBERS, NUMBERS)
def test_the_scale_reaches_the_largest_finite_number(one, other):
    """And is 0 where there is none."""
    finite = [number for number in (one, other) if math.isfinite(number)]
    assert Estimate(one, bound=other).reach == max(finite, default=0)


def test_a_share_is_as_wide_as_it_is():
    """In per cent."""
    assert 'width="12.50%"' in share(0.125)
