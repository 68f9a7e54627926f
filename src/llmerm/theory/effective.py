"""The leap of what shows in m samples: coefficients that are too small to see are left out."""

from __future__ import annotations

import math
from collections.abc import Mapping

from llmerm.errors import ArgumentError
from llmerm.theory.leap import leap


def effective_leap(
    coefficients: Mapping[int | tuple[int, ...], float], m: int, *, delta: float = 0.05
) -> int | None:
    """The leap of the Fourier coefficients that m uniform samples can tell from zero.

    Those of at least `least_visible(m, N)` in size count, N being how many there are. It corrects
    what `leap` leaves out: the conjunction of many bits has leap 1, and nothing of it is seen.

    Args:
        coefficients: of a function with values in [-1, 1], by coordinates or bit mask.
        m: samples.
        delta: the chance that one of them looks larger or smaller by more than the least visible.

    Returns:
        The leap; None where nothing but the constant shows, so that it says nothing.

    Raises:
        ArgumentError: if `m` is below 1 or `delta` is not in (0, 1).

    >>> effective_leap({(0,): 0.9, (0, 1): 0.01, (0, 1, 2): 0.5}, 200)
    2
    """
    nonzero = {place: weight for place, weight in coefficients.items() if weight}
    least = least_visible(m, len(nonzero), delta=delta)
    return leap(place for place, weight in nonzero.items() if abs(weight) >= least) or None


def least_visible(m: int, count: int, *, delta: float = 0.05) -> float:
    """How large one of `count` coefficients must be to show in m samples.

    sqrt(2 ln(2 count / delta) / m), from Hoeffding's inequality and a union: with probability
    1 - delta no estimate is farther than this from its coefficient.

    Args:
        m: samples.
        count: coefficients that are estimated, of a function with values in [-1, 1].
        delta: the chance that one estimate is farther off, in (0, 1).

    Raises:
        ArgumentError: if `m` is below 1 or `delta` is not in (0, 1).

    >>> round(least_visible(200, 1), 3)
    0.192
    """
    if m < 1 or not 0 < delta < 1:
        raise ArgumentError(
            f"`m` must be at least 1 and `delta` in (0, 1), got {m} and {delta}. Try delta=0.05."
        )
    return math.sqrt(2 * math.log(2 * max(count, 1) / delta) / m)
