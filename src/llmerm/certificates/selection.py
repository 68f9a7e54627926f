"""What can be promised of a choice before the samples are drawn: the paper's bound."""

from __future__ import annotations

import math
from dataclasses import dataclass

from llmerm.certificates.level import log_level
from llmerm.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class Selection:
    """A promise about choosing, made before the samples are drawn. It certifies no program.

    Attributes:
        excess: the chosen candidate's population error is at most this above the best one's.
        error_if_exact: the chosen candidate's population error is at most this, if one of the
            candidates makes no errors at all on the population.
        confidence: each of the two holds with at least this probability over the samples.
        count: candidates among which is chosen.
        samples: held-out samples on which is chosen.
    """

    excess: float
    error_if_exact: float
    confidence: float
    count: int
    samples: int

    def __str__(self) -> str:
        return (
            f"before any sample is drawn, with confidence {self.confidence:.4g}: the best of "
            f"{self.count} candidates on {self.samples} held-out samples will be wrong on at most "
            f"{self.excess:.2%} more of the population than the best candidate there is, and on "
            f"at most {self.error_if_exact:.2%} in all if one of them is exact (about the "
            "choice; what a certificate says of the chosen program is tighter)"
        )


def selection(samples: int, *, count: int, delta: float = 0.05) -> Selection:
    """What choosing the best of `count` candidates on `samples` held-out samples can promise.

    The excess is 2 sqrt(ln(4 count / delta) / (2 samples)), the bound of the LLM-ERM paper (arXiv
    2510.14331; Hoeffding's inequality and the union bound, with its constant 4). With an exact
    candidate it is ln(count / delta) / samples. Neither looks at the errors that were made: to
    judge a program use a certificate. That one of the candidates is good is not promised; draws
    that are good with chance p fail to give one with probability (1 - p)**count, to be added to
    delta.

    Args:
        samples: how many will be held out.
        count: candidates, fixed without looking at them.
        delta: the chance that it fails, in (0, 1).

    Raises:
        ArgumentError: if an argument is out of its range.

    >>> round(selection(100, count=5).excess, 3)
    0.346
    """
    level = log_level(delta, count=count)
    if samples < 1:
        raise ArgumentError(f"`samples` must be at least 1, got {samples}.")
    return Selection(
        excess=min(1.0, 2 * math.sqrt((math.log(4) - level) / (2 * samples))),
        error_if_exact=min(1.0, -level / samples),
        confidence=1 - delta,
        count=count,
        samples=samples,
    )
