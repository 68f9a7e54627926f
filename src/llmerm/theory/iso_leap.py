"""IsoLeap: the leap of a polynomial of Gaussian inputs in the basis that is worst for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations_with_replacement, product
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llmerm.errors import ArgumentError

Floats: TypeAlias = NDArray[np.float64]
Function: TypeAlias = Callable[[Floats], ArrayLike]
"""From points, shape (points, variables), to values, shape (points,)."""

MOST_POINTS = 200_000
_ZERO = 1e-8  # relative to the size of the function: what rounding leaves of a zero


def iso_leap(function: Function, variables: int, *, degree: int = 6) -> int:
    """The largest leap of a polynomial of independent standard Gaussians over all rotations.

    It is what counts for inputs whose law no rotation changes (Abbe, Boix-Adsera and
    Misiakiewicz, arXiv 2302.11055). Computed as a chain: with the directions U found so far, take
    the least l such that E[f(z) psi(z_U) He_l(z_rest)] is not zero for some psi, and add the
    directions which those tensors span; the largest l is the isoLeap.

    Args:
        function: the polynomial.
        variables: how many it has.
        degree: its degree, at most. Expectations are sums over (degree + 1)**variables points,
            exact for such a polynomial up to rounding.

    Returns:
        The isoLeap; 0 for a constant.

    Raises:
        ArgumentError: if the function is no polynomial of this degree, or there are too many
            points.

    >>> iso_leap(lambda z: z[:, 0] + z[:, 1] + z[:, 0] * z[:, 1], 2)  # 1 in this basis
    2
    """
    _check(function, variables, degree)
    found = np.zeros((variables, 0))
    highest = 0
    while found.shape[1] < variables:
        rest = _complement(found)
        table = hermite_coefficients(function, np.hstack((found, rest)), degree)
        step, new = _next_directions(table, found.shape[1])
        if not step:
            break
        highest = max(highest, step)
        found = np.hstack((found, rest @ new))
    return highest


def hermite_coefficients(function: Function, basis: Floats, degree: int) -> Floats:
    """E[f(z) He_a(z . basis_0) He_b(z . basis_1) ...] at [a, b, ...], up to `degree` each.

    Args:
        function: a polynomial of at most this degree.
        basis: orthonormal columns, shape (variables, variables).
        degree: of the polynomial.
    """
    variables = len(basis)
    nodes, weights = np.polynomial.hermite_e.hermegauss(degree + 1)
    grid = np.array(list(product(nodes, repeat=variables)))
    table = np.asarray(function(grid @ basis.T), np.float64).reshape((degree + 1,) * variables)
    weighted = (
        np.polynomial.hermite_e.hermevander(nodes, degree) * (weights / weights.sum())[:, None]
    )
    for _ in range(variables):  # each turn transforms the first axis and puts it last
        table = np.tensordot(table, weighted, axes=(0, 0))
    return table


def _next_directions(table: Floats, known: int) -> tuple[int, Floats]:
    """The least degree with something new, and the directions (columns) that it spans."""
    size = float(np.abs(table).max())
    rest = table.ndim - known
    flat = table.reshape((-1, *table.shape[known:]))
    for degree in range(1, table.shape[0]):
        columns = combinations_with_replacement(range(rest), degree - 1)
        tensor = np.hstack([_column(flat, others) for others in columns])
        left, singular, _ = np.linalg.svd(tensor, full_matrices=False)
        if (spanned := singular > _ZERO * size).any():
            return degree, left[:, spanned]
    return 0, np.zeros((rest, 0))


def _column(flat: Floats, others: tuple[int, ...]) -> Floats:
    """The tensor's entries [i, *others] for each i, shape (rest, psis)."""
    rest = flat.ndim - 1
    counts = [[(*others, i).count(j) for j in range(rest)] for i in range(rest)]
    at = np.moveaxis(flat, 0, -1)
    return np.array([at[tuple(places)] for places in counts])


def _complement(found: Floats) -> Floats:
    """Orthonormal columns that are orthogonal to those found."""
    whole, _ = np.linalg.qr(np.hstack((found, np.eye(len(found)))))
    return whole[:, found.shape[1] : len(found)]


def _check(function: Function, variables: int, degree: int) -> None:
    """Refuses what the sums would not be exact for: Parseval's identity does not hold there."""
    if variables < 1 or degree < 1 or (degree + 2) ** variables > MOST_POINTS:
        raise ArgumentError(
            f"{variables} variables at degree {degree} take {(degree + 2) ** max(variables, 0)} "
            f"points, expected 1 or more of each and at most {MOST_POINTS}."
        )
    basis = np.eye(variables)
    parts = {d: _parts(hermite_coefficients(function, basis, d)) for d in (degree, degree + 1)}
    beyond = np.indices(parts[degree + 1].shape).sum(axis=0) > degree
    if not math.isclose(parts[degree].sum(), parts[degree + 1].sum(), rel_tol=1e-6) or (
        parts[degree + 1][beyond].sum() > 1e-6 * parts[degree + 1].sum()
    ):
        raise ArgumentError(
            f"the function is no polynomial of degree {degree} or less. Take a larger `degree`, or "
            "its Hermite polynomials up to one."
        )


def _parts(table: Floats) -> Floats:
    """The share of E[f**2] at each multi-index."""
    factorials = np.array([math.factorial(d) for d in range(table.shape[0])], np.float64)
    for axis in range(table.ndim):
        scale = factorials.reshape([-1 if i == axis else 1 for i in range(table.ndim)])
        table = table / np.sqrt(scale)
    return table**2
