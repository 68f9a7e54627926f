"""A random cubic polynomial over GF(2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask
from llmerm.tasks.seeding import generator

_SOURCE = """\
def f(x):
    monomials = {monomials}
    return sum(all(x[i] == '1' for i in monomial) for monomial in monomials) % 2
"""

Monomials = tuple[tuple[int, ...], ...]
"""Each monomial as the coordinates whose product it is."""


@final
@dataclass(frozen=True, kw_only=True)
class Cubic(BitTask):
    """Label 1 when a random sparse polynomial of degree 3 over GF(2) is 1; uniform bits.

    The first monomial has degree 3, the others degree 1 to 3, over at most ten coordinates.
    Source: the code of the LLM-ERM paper (arXiv 2510.14331), third-degree polynomials.

    Attributes:
        terms: how many monomials.
        task_seed: which monomials; it defines the rule, where `sample`'s seed draws inputs.
        monomials: the coordinates of each monomial; None draws them with `task_seed`.

    >>> Cubic(n=4, terms=2, monomials=((0, 1, 2), (3,))).label("1110")
    1
    """

    name: ClassVar[str] = "cubic"
    smallest: ClassVar[int] = 3
    terms: int = 3
    task_seed: int = 0
    monomials: Monomials | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_integer("terms", low=1, high=7)  # three coordinates have seven monomials
        self.check_integer("task_seed", low=0)
        chosen = self._drawn() if self.monomials is None else tuple(map(tuple, self.monomials))
        object.__setattr__(self, "monomials", chosen)
        self._check(chosen)

    def _drawn(self) -> Monomials:
        rng = generator("cubic monomials", self.n, self.terms, self.task_seed)
        relevant = rng.choice(self.n, min(self.n, 10), replace=False)
        chosen: dict[tuple[int, ...], None] = {}
        while len(chosen) < self.terms:
            degree = int(rng.integers(1, 4)) if chosen else 3
            monomial = tuple(sorted(rng.choice(relevant, degree, replace=False).tolist()))
            chosen[monomial] = None
        return tuple(chosen)

    def _check(self, monomials: Monomials) -> None:
        if len(set(monomials)) != self.terms or not all(monomials):
            raise TaskError(
                f"`monomials` must be terms={self.terms} distinct, non-empty tuples of "
                f"coordinates, got {monomials}."
            )
        indices = [i for monomial in monomials for i in monomial]
        if not all(type(i) is int and 0 <= i < self.n for i in indices):
            raise TaskError(
                f"cubic over the monomials {monomials} needs integers from 0 to n - 1 as "
                f"coordinates, got n={self.n}. For other monomials make a new task."
            )

    def labels(self, bits: Bits) -> Bits:
        """The polynomial's value on each row."""
        value = np.zeros(len(bits), np.uint8)
        for monomial in self.monomials or ():
            value ^= np.bitwise_and.reduce(bits[:, list(monomial)], axis=1)
        return value

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the coordinates exist."""
        return Program(_SOURCE.format(monomials=self.monomials))
