"""What samples alone show of a rule: the products of few bits that its labels correlate with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llmerm.baselines.bits import Bits
from llmerm.baselines.low_degree import Coefficient, affordable, detected, signs
from llmerm.baselines.targets import two_classes
from llmerm.errors import ArgumentError
from llmerm.samples import Samples
from llmerm.theory.leap import leap


@dataclass(frozen=True)
class Detection:
    """The Fourier coefficients of low degree that samples tell from zero.

    Attributes:
        samples: how many there were.
        searched: the largest degree that was looked at; beyond it nothing is said.
        names: what each place of a coefficient says.
        coefficients: by degree; each has its places and its measured weight.
    """

    samples: int
    searched: int
    names: tuple[str, ...]
    coefficients: tuple[Coefficient, ...]

    @property
    def degree(self) -> int | None:
        """The least degree at which anything shows; None if nothing does."""
        return min((len(one.places) for one in self.coefficients), default=None)

    @property
    def leap(self) -> int | None:
        """The leap of what shows, which is not that of the rule; None if nothing does."""
        return leap(one.places for one in self.coefficients) if self.coefficients else None


def detect_low_degree(samples: Samples, *, degree: int = 3, delta: float = 0.05) -> Detection:
    """What correlates with the labels, beyond the threshold of the baseline `low_degree`.

    Its limits: products of more than `degree` bits are not looked at (nor those of `degree`, where
    there would be more than two million), weak ones do not show in few samples, and where inputs
    are not uniform (balanced samples of a rare class, say) a coefficient is a correlation and no
    part of the rule. That something shows means that a search over products finds it, not that
    gradient descent does: a parity of 3 of 100 bits shows in 200 samples.

    Args:
        samples: with inputs that have bits, and at most two labels.
        degree: bits in a product, at most.
        delta: the chance that labels independent of the inputs show anything.

    Raises:
        ArgumentError: if `degree` is below 1 or `delta` is not in (0, 1).
        DataError: if there are more than two labels, or the inputs have no bits.

    >>> from llmerm.tasks import get
    >>> found = detect_low_degree(get("k_parity", n=20, k=3).sample(200))
    >>> found.degree, found.leap
    (3, 3)
    """
    if degree < 1 or not 0 < delta < 1:
        raise ArgumentError(
            f"`degree` must be at least 1 and `delta` in (0, 1), got {degree} and {delta}."
        )
    bits = Bits.of(samples.inputs, "detect_low_degree")
    labels = two_classes(samples.outputs, "detect_low_degree")
    target = (2 * labels.array - 1).astype(np.float32)
    found = detected(signs(bits, samples.inputs), target, degree, delta)
    return Detection(len(samples), affordable(len(bits.columns), degree), bits.names, found)
