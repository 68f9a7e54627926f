"""coverage@k: the chance that k draws hold a right program."""

from __future__ import annotations

import math
from collections.abc import Sequence

from llmerm.errors import ArgumentError


def coverage_at(k: int, *, draws: int, right: int) -> float:
    """The chance that k of these draws, chosen at random, hold a right one.

    The unbiased estimator of the same for k fresh draws, if draws are independent:
    1 - C(n - c, k) / C(n, k) (Chen et al., arXiv 2107.03374, equation 1).

    Args:
        k: how many draws one could make, at most `draws`.
        draws: n, how many were made.
        right: c, how many of them were right.

    Raises:
        ArgumentError: if k or `right` is not between 0 and `draws`.

    >>> coverage_at(2, draws=4, right=1)
    0.5
    """
    for name, value in (("k", k), ("right", right)):
        if not 0 <= value <= draws:
            raise ArgumentError(f"`{name}` must be between 0 and {draws} draws, got {value}.")
    return 1.0 - math.comb(draws - right, k) / math.comb(draws, k)


def doubling(k: int) -> Sequence[int]:
    """1, 2, 4, ... up to k, and k itself.

    >>> doubling(10)
    [1, 2, 4, 8, 10]
    """
    return [*(1 << power for power in range(k.bit_length()) if 1 << power < k), k]
