"""The level of one bound: delta, shared among all that a bound must pay for."""

from __future__ import annotations

import math
from operator import index

from llmerm.errors import ArgumentError


def log_level(delta: float, *, count: int = 1, bits: float = 0.0) -> float:
    """The natural logarithm of delta / count * 2**-bits, with all three checked.

    Raises:
        ArgumentError: unless 0 < delta < 1, count >= 1 and bits is a number of at least 0.

    >>> round(log_level(0.05, count=5), 2)
    -4.61
    """
    if not 0 < delta < 1:
        raise ArgumentError(f"`delta` must be in (0, 1), got {delta}. 0.05 is confidence 95 %.")
    if whole("count", count) < 1:
        raise ArgumentError(f"`count` must be at least 1, got {count}.")
    if not 0 <= bits < math.inf:
        raise ArgumentError(f"`bits` must be a number of at least 0, got {bits}.")
    return math.log(delta) - math.log(count) - bits * math.log(2)


def whole(name: str, value: int) -> int:
    """The value, if it is a whole number: a share of errors in the place of their count is not.

    Raises:
        ArgumentError: naming the argument, unless it is an integer.

    >>> whole("errors", 3)
    3
    """
    try:
        return index(value)
    except TypeError:
        raise ArgumentError(f"`{name}` must be a whole number, a count, got {value!r}.") from None


def anytime_count(position: int, *, each: int = 1) -> int:
    """What a bound pays for that may be the 1st, 2nd, 3rd ... of a series without a declared end.

    The j-th gets the share 1 / (j (j + 1)) of delta; all shares add up to 1. So the series may
    stop at any bound, also because that bound pleases. Paying for the bounds so far alone does not
    hold then: their shares 1, 1/2, 1/3 ... have no finite sum.

    Args:
        position: of the bound in the series, from 1; it must not depend on how this bound turns
            out.
        each: candidates at each position: 1 where each is one candidate, k where each is a fit.

    Raises:
        ArgumentError: if one of them is below 1.

    >>> [anytime_count(position) for position in (1, 2, 3)]
    [2, 6, 12]
    """
    if whole("position", position) < 1 or whole("each", each) < 1:
        raise ArgumentError(
            f"`position` and `each` must be at least 1, got {position} and {each}. The first is 1."
        )
    return each * position * (position + 1)
