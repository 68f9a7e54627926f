"""An error with its interval on a line, as a small picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from llmerm.views.text import html


@dataclass(frozen=True)
class Estimate:
    """What is drawn on one line; each part may be missing.

    Attributes:
        value: what was measured, drawn as a dot.
        interval: its ends, drawn as a bar.
        bound: what it is certified to be at most, drawn as a band from 0.
        mark: something to compare with, drawn as a dashed tick.
    """

    value: float | None = None
    interval: tuple[float, float] | None = None
    bound: float | None = None
    mark: float | None = None

    @property
    def reach(self) -> float:
        """The largest number in it that is finite; 0 where there is none."""
        parts = (self.value, *(self.interval or ()), self.bound, self.mark)
        return max((part for part in parts if part is not None and math.isfinite(part)), default=0)


def bar(estimate: Estimate, *, top: float, told: str) -> str:
    """An SVG picture of the estimate on a line from 0 to `top`; what lies beyond is at its end.

    Args:
        estimate: what to draw.
        top: the end of the scale, more than 0.
        told: the same in words, for those who cannot see it.

    >>> bar(Estimate(0.1, bound=0.2), top=1.0, told="0.1").count("<circle")
    1
    """

    def at(value: float) -> str:
        share = min(max(value / top, 0.0), 1.0) if math.isfinite(value) else 1.0
        return f"{2 + 96 * share:.2f}%"

    parts = [_line("axis", at(0), at(top), 10, 10)]
    if estimate.bound is not None:
        parts.append(_line("bound", at(0), at(estimate.bound), 10, 10))
        parts.append(_line("end", at(estimate.bound), at(estimate.bound), 4, 16))
    if estimate.mark is not None:
        parts.append(_line("mark", at(estimate.mark), at(estimate.mark), 2, 18))
    if estimate.interval is not None:
        low, high = estimate.interval
        parts.append(_line("interval", at(low), at(high), 10, 10))
    if estimate.value is not None:
        parts.append(f'<circle class="llmerm-dot" cx="{at(estimate.value)}" cy="10" r="4"/>')
    return (
        f'<svg class="llmerm-bar" width="100%" height="20" role="img"><title>{html(told)}</title>'
        f"{''.join(parts)}</svg>"
    )


def _line(name: str, x1: str, x2: str, y1: int, y2: int) -> str:
    return f'<line class="llmerm-{name}" x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}"/>'


def share(part: float) -> str:
    """An SVG picture of a share of 1.

    >>> share(0.5).count('width="50.00%"')
    1
    """
    return (
        '<svg class="llmerm-bar llmerm-small" width="9rem" height="10" aria-hidden="true">'
        f'<rect class="llmerm-share" width="{100 * part:.2f}%" height="10"/></svg>'
    )
