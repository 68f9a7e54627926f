"""IsoLeap, against the leap in many rotated bases."""

from __future__ import annotations

import math

import numpy as np
import pytest

from llmerm.errors import ArgumentError
from llmerm.theory import iso_leap, leap_hermite
from llmerm.theory.iso_leap import hermite_coefficients

KNOWN = [
    (lambda z: z[:, 0] * z[:, 1], 2, 2),
    (lambda z: z[:, 0] + z[:, 0] * z[:, 1], 2, 1),
    (lambda z: z[:, 0] + z[:, 1] + z[:, 0] * z[:, 1], 2, 2),
    (lambda z: z.prod(axis=1), 3, 3),
    (lambda z: z[:, 0] + z[:, 0] * z[:, 1] + z.prod(axis=1), 3, 1),
    (lambda z: z[:, 0] ** 3 - 3 * z[:, 0], 1, 3),
    (lambda z: z[:, 0] ** 2, 1, 2),
    (lambda z: z[:, 0] ** 3, 1, 1),
    (lambda z: z[:, 0] ** 2 + z[:, 1] ** 2, 3, 2),
    (lambda z: 0 * z[:, 0] + 4, 2, 0),
]
PLANE = [
    lambda z: z[:, 0] + z[:, 1] + z[:, 0] * z[:, 1],
    lambda z: z[:, 0] - z[:, 1] + z[:, 0] ** 2 + z[:, 1] ** 2,
    lambda z: z[:, 0] * z[:, 1],
    lambda z: 3 * z[:, 0] + 4 * z[:, 1] + (4 * z[:, 0] - 3 * z[:, 1]) ** 3,
    lambda z: z[:, 0] + z[:, 1] ** 3 - 3 * z[:, 1],
    lambda z: z[:, 0] ** 2 * z[:, 1],
]


@pytest.mark.parametrize(("function", "variables", "expected"), KNOWN)
def test_worked_examples(function, variables, expected):
    """The second of them has leap 1 in its own basis and no more in any other; the third has 2."""
    assert iso_leap(function, variables) == expected


def leap_at(function, angle: float) -> int:
    """The leap in the basis that is turned by an angle, from its Hermite coefficients."""
    c, s = math.cos(angle), math.sin(angle)
    table = hermite_coefficients(function, np.array([[c, -s], [s, c]]), 4)
    return leap_hermite(
        {0: int(i), 1: int(j)} for i, j in np.argwhere(np.abs(table) > 1e-7) if i + j <= 4
    )


@pytest.mark.parametrize("function", PLANE)
def test_it_is_the_largest_leap_over_rotations(function):
    """Over 16 random angles, and all whose tangent is a fraction of small numbers."""
    angles = [math.atan2(p, q) for p in range(-4, 5) for q in range(-4, 5) if p or q]
    angles += np.random.default_rng(0).uniform(0, math.tau, 16).tolist()
    assert iso_leap(function, 2, degree=4) == max(leap_at(function, angle) for angle in angles)


@pytest.mark.parametrize(("function", "variables", "expected"), KNOWN)
def test_no_rotation_changes_it(function, variables, expected):
    """In a random basis."""
    matrix = np.random.default_rng(1).normal(size=(variables, variables))
    basis, _ = np.linalg.qr(matrix)
    assert iso_leap(lambda z: function(z @ basis), variables) == expected


def test_coefficients_are_means_over_gaussians():
    """E[z0^2 z1 He2(z0) He1(z1)] = 2, by hand, and by a million draws."""

    def function(z: np.ndarray) -> np.ndarray:
        return z[:, 0] ** 2 * z[:, 1]

    table = hermite_coefficients(function, np.eye(2), 3)
    z = np.random.default_rng(0).normal(size=(10**6, 2))
    sampled = np.mean(function(z) * (z[:, 0] ** 2 - 1) * z[:, 1])
    assert table[2, 1] == pytest.approx(2)
    assert sampled == pytest.approx(2, abs=0.1)


def test_what_is_no_polynomial_of_the_degree_is_refused():
    """A sign, and a degree that is too small; so are sums over too many points."""
    with pytest.raises(ArgumentError, match="no polynomial of degree 6"):
        iso_leap(lambda z: np.sign(z[:, 0]), 1)
    with pytest.raises(ArgumentError, match="no polynomial of degree 2"):
        iso_leap(lambda z: z[:, 0] ** 2 * z[:, 1], 2, degree=2)
    assert iso_leap(lambda z: z[:, 0] ** 2 * z[:, 1], 2, degree=3) == 2
    for variables, degree in ((9, 6), (0, 6), (2, 0)):
        with pytest.raises(ArgumentError, match=f"{variables} variables at degree {degree}"):
            iso_leap(lambda z: z[:, 0], variables, degree=degree)
