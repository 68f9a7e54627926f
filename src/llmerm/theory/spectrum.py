"""The Fourier coefficients of a rule on bits, from questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import ArgumentError
from llmerm.theory.effective import least_visible
from llmerm.theory.leap import leap_of
from llmerm.theory.queries import Rule, Sensitivity, sensitivity, truth_table
from llmerm.theory.walsh import walsh_hadamard

MOST = 20
"""A truth table is asked for over at most so many coordinates: a million questions."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """A rule as a sign (-1 for the label 1), written as a weighted sum of products of signs.

    Attributes:
        n: the coordinates of an input.
        always: those that flip the label whenever they flip; they are in every product.
        sometimes: the others that matter.
        coefficients: shape (2**len(sometimes),); at s that of the product of all of `always` and of
            each sometimes[i] with bit i of s set.
        exact: whether nothing rests on probes.
    """

    n: int
    always: tuple[int, ...]
    sometimes: tuple[int, ...]
    coefficients: NDArray[np.float64]
    exact: bool

    @property
    def leap(self) -> int:
        """The leap of all nonzero coefficients; 0 for a constant."""
        return self._leap(np.flatnonzero(self.coefficients))

    @property
    def in_every_product(self) -> tuple[int, ...]:
        """The coordinates of all nonzero products: those that flip every label; () if constant."""
        masks = np.flatnonzero(self.coefficients)
        shared = int(np.bitwise_and.reduce(masks)) if self.leap else 0
        return (*self.always, *(c for i, c in enumerate(self.sometimes) if shared >> i & 1))

    @property
    def constant(self) -> float:
        """The mean of the sign on uniform inputs: 0 where both labels are equally frequent."""
        return 0.0 if self.always else float(self.coefficients[0])

    def effective_leap(self, m: int, *, delta: float = 0.05) -> int | None:
        """The leap of what shows in m uniform samples, as `effective_leap`; None if nothing does.

        Raises:
            ArgumentError: if `m` is below 1 or `delta` is not in (0, 1).
        """
        count = int(np.count_nonzero(self.coefficients))
        least = least_visible(m, count, delta=delta)
        return self._leap(np.flatnonzero(np.abs(self.coefficients) >= least)) or None

    def _leap(self, places: NDArray[np.intp]) -> int:
        masks = places.astype(np.uint64)
        if not self.always or not len(masks):
            return leap_of(masks[None, :])
        # Whatever comes first brings all of `always`, which costs nothing afterwards.
        first = len(self.always) + int(np.bitwise_count(masks).min())
        return leap_of(masks[None, :], least=first)


def spectrum(
    rule: Rule, n: int, *, reads: Sequence[int] | None = None, probes: int = 256, seed: int = 0
) -> Spectrum:
    """The Fourier coefficients of a rule that answers questions (membership queries).

    Where the rule reads at most 20 coordinates (of n, or of `reads`) its whole truth table is
    asked for, and the result is exact. Otherwise probes find those that matter: each is flipped on
    random inputs. What flips the label every time leaves one product in front, so that the table
    need not hold it: a parity of 100 bits takes 26,000 questions. Then `exact` is False, as a
    coordinate that matters on a share p of all inputs escapes with chance (1 - p)**probes.

    Args:
        rule: from zeros and ones, shape (rows, n), to a 0 or 1 for each row.
        n: the coordinates of an input.
        reads: those that can matter, where that is known; it is not checked.
        probes: random inputs on which each coordinate is flipped.
        seed: of those inputs.

    Raises:
        ArgumentError: if more than 20 coordinates matter without flipping every label, `reads` are
            not distinct coordinates, or the rule answers other than 0 and 1.

    >>> found = spectrum(lambda x: x.sum(axis=1) % 2, 100)
    >>> found.leap, found.exact
    (100, False)
    """
    places = _checked(n, range(n) if reads is None else reads)
    found = matters(rule, n, places, probes=probes, seed=seed)
    if len(found.sometimes) > MOST:
        raise ArgumentError(
            f"{len(found.sometimes)} coordinates matter, expected at most {MOST}: the truth table "
            "would be too long. Look at samples with `detect_low_degree` instead."
        )
    return tabulated(rule, n, found, exact=len(places) <= MOST)


def matters(
    rule: Rule, n: int, places: Sequence[int], *, probes: int = 256, seed: int = 0
) -> Sensitivity:
    """The places that the truth table is to be over: all if they are few, else what probes find."""
    if len(places) <= MOST:
        return Sensitivity((), tuple(places))
    return sensitivity(rule, n, places, probes, seed)


def tabulated(rule: Rule, n: int, found: Sensitivity, *, exact: bool) -> Spectrum:
    """The spectrum of a rule of which it is known what matters."""
    sums = walsh_hadamard(truth_table(rule, n, found.sometimes))
    return Spectrum(n, found.always, found.sometimes, sums / sums.size, exact)


def _checked(n: int, places: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(index(i) for i in places)
    if n < 1 or len(set(chosen)) != len(chosen) or not set(chosen) <= set(range(n)):
        raise ArgumentError(
            f"`reads` must be distinct coordinates from 0 to n - 1, got {chosen[:30]} and n={n}."
        )
    return chosen
