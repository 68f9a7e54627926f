"""How many samples a planted k-parity over n bits takes: by queries, and by empirical risk."""

from __future__ import annotations

import math

from llmerm.errors import ArgumentError


def sq_lower_bound(n: int, k: int, *, bits: int = 0) -> float:
    """The order of the fresh examples that coordinate-wise SGD needs: sqrt(C(n, k)) / 2**bits.

    It is the rate of Omega(sqrt(C(n, k)) / 2^b) with a constant of 1, which is not known: an order
    of magnitude, not a bound to the digit. It is about online mini-batch SGD that updates one
    coordinate a step, from partial derivatives of `bits` bits on fresh examples. It says nothing
    once bits >= log2 sqrt(C(n, k)), nothing of full gradients, of several passes or of AdamW, and
    nothing of rules that are not planted parities. Source: the LLM-ERM paper (arXiv 2510.14331);
    its oracle is the 1-MSTAT(2^b) of Feldman et al.

    Args:
        n: bits of an input.
        k: how many of them the parity is over, at most n.
        bits: of each partial derivative; 0 for the bound before precision.

    Raises:
        ArgumentError: unless 1 <= k <= n and bits >= 0.

    >>> round(sq_lower_bound(36, 4))
    243
    """
    check_parity(n, k)
    if bits < 0:
        raise ArgumentError(f"`bits` must be 0 or more, got {bits}.")
    return math.exp(0.5 * math.log(math.comb(n, k)) - bits * math.log(2))


def erm_samples(n: int, k: int, *, delta: float = 0.05) -> float:
    """The samples after which empirical risk minimisation has the planted k-parity.

    log2(C(n, k) / delta): uniform inputs leave each wrong parity consistent with m labels with
    probability 2**-m, so that with probability 1 - delta none of the C(n, k) - 1 survives.

    Args:
        n: bits of an input.
        k: how many of them the parity is over, at most n.
        delta: the chance that a wrong one survives, in (0, 1).

    Raises:
        ArgumentError: unless 1 <= k <= n and 0 < delta < 1.

    >>> round(erm_samples(100, 10), 1)
    48.3
    """
    check_parity(n, k)
    if not 0 < delta < 1:
        raise ArgumentError(f"`delta` must be between 0 and 1, got {delta}. Try delta=0.05.")
    return math.log2(math.comb(n, k)) - math.log2(delta)


def check_parity(n: int, k: int) -> None:
    """Refuses numbers that make no k-parity over n bits.

    Raises:
        ArgumentError: unless 1 <= k <= n.
    """
    if not 1 <= k <= n:
        raise ArgumentError(f"a parity of {k} of {n} bits is none: `k` must be from 1 to n={n}.")
