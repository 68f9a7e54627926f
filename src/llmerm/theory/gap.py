"""The gap between gradient steps and empirical risk on planted parities, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from llmerm.errors import ArgumentError
from llmerm.theory.bounds import erm_samples, sq_lower_bound
from llmerm.theory.coordinate_sgd import CoordinateGradient

STEPS_PER_DOUBLING = 4
MOST_DOUBLINGS = 50


class GapRow(NamedTuple):
    """What a planted k-parity over n bits takes.

    Attributes:
        n: coordinates.
        k: how many of them the parity is over.
        batch: fresh examples a step at which coordinate-wise SGD finds the k, in half of the runs.
        examples: of all n steps together.
        lower_bound: sqrt(C(n, k)), the order of the bound for it; each bit of precision halves it.
        erm: the examples that empirical risk minimisation needs, at confidence 0.95.
    """

    n: int
    k: int
    batch: int
    examples: int
    lower_bound: float
    erm: float


def simulate_parity_gap(
    ns: Iterable[int], ks: Iterable[int], *, bits: int = 8, trials: int = 200, seed: int = 0
) -> tuple[GapRow, ...]:
    """The examples that coordinate-wise SGD takes, and empirical risk, for each k and n.

    The parity counts as found where the k weights that moved most in one sweep are its own. The
    batch is the least on a grid of quarter doublings that finds it in half of the trials. It is
    one way to learn by such steps (see `CoordinateGradient`), and no lower bound by itself.

    Args:
        ns: numbers of coordinates.
        ks: sizes of the parity, each less than every n.
        bits: of one example's partial derivative.
        trials: sweeps for each batch that is tried.
        seed: of all draws.

    Raises:
        ArgumentError: if a k is not less than an n, `trials` is below 1, or no batch up to 2**50
            finds a parity.

    >>> [(row.n, row.examples > 100 * row.erm) for row in simulate_parity_gap([10, 20], [2])]
    [(10, True), (20, True)]
    """
    if trials < 1:
        raise ArgumentError(f"`trials` must be at least 1, got {trials}.")
    sizes = tuple(ns)
    return tuple(_row(CoordinateGradient(n, k, bits), trials, seed) for k in ks for n in sizes)


def _row(gradient: CoordinateGradient, trials: int, seed: int) -> GapRow:
    n, k = gradient.n, gradient.k
    batch = _least_batch(gradient, trials, np.random.Generator(np.random.PCG64([seed, n, k])))
    return GapRow(n, k, batch, n * batch, sq_lower_bound(n, k), erm_samples(n, k))


def _least_batch(gradient: CoordinateGradient, trials: int, rng: np.random.Generator) -> int:
    """Doublings until one finds the parity, then the quarter steps below it."""
    for doublings in range(MOST_DOUBLINGS + 1):
        if _found(gradient, 2**doublings, trials, rng):
            break
    else:
        raise ArgumentError(
            f"no batch up to 2**{MOST_DOUBLINGS} finds a {gradient.k}-parity of {gradient.n} bits. "
            "Take a smaller k or a larger n."
        )
    steps = range((doublings - 1) * STEPS_PER_DOUBLING + 1, doublings * STEPS_PER_DOUBLING)
    batches = [round(2 ** (step / STEPS_PER_DOUBLING)) for step in steps]
    found = (b for b in batches if b >= 1 and _found(gradient, b, trials, rng))
    return next(found, 2**doublings)


def _found(gradient: CoordinateGradient, batch: int, trials: int, rng: np.random.Generator) -> bool:
    """Whether in half of the sweeps the parity's own weights move most."""
    right = sum(_is_right(gradient, batch, rng) for _ in range(trials))
    return 2 * right >= trials


def _is_right(gradient: CoordinateGradient, batch: int, rng: np.random.Generator) -> bool:
    moved = np.abs(gradient.means(batch, rng))
    return bool(moved[: gradient.k].min() > moved[gradient.k :].max())
