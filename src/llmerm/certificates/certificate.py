"""The certificate of one program: a bound, and all that is needed to read it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from llmerm.errors import ArgumentError
from llmerm.views.certificate import certificate_card

SAMPLED = "inputs drawn like the samples"
"""What a bound from independent samples speaks of."""

POPULATION = f"{SAMPLED}, labels in the same shares"
"""What a bound from a stratified split speaks of: each label counts there in the share that it
has in the held-out part. Given the labels, the held-out errors are independent, and the exact bound
for equal error rates holds for unequal ones too (Hoeffding 1956: for e errors where e <= m p - 1. A
tail of at most 1/4 implies that, so it is proven for delta / count up to 1/4 and, in the one case
left, with at least two right predictions)."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """An upper bound on the population error of one program.

    Attributes:
        bound: the error is at most this; 1.0 or infinity where nothing can be said.
        confidence: the bound holds with at least this probability over the samples.
        method: how it was computed; "none" where nothing can be said.
        count: the number of candidates that the bound pays for (the union bound); 1 where the
            program's length pays instead.
        errors: errors of the program; None for a loss that does not count errors.
        samples: samples that the bound is from.
        why: how the count came about, or why there is no bound, in words.
        population: what the bound speaks of, in words.
        mean: the mean loss on the samples; the share of errors where these are counted.
        part: which samples these are: held-out, training or fresh.
        wrong: what counts as an error, in words; empty where the bound is on a mean loss.
    """

    bound: float
    confidence: float
    method: str
    count: int
    errors: int | None
    samples: int
    why: str
    population: str = POPULATION
    mean: float = 0.0
    part: str = "held-out"
    wrong: str = "is wrong"

    def __str__(self) -> str:
        if self.method == "none":
            return f"no certificate: {self.why}"
        return f"{self._claim} ({self._seen} on {self.samples} {self.part} samples; {self.why})"

    def __repr__(self) -> str:
        pays = f"count={self.count}, method={self.method!r}, confidence={self.confidence:.4g}"
        return f"Certificate(bound={self.bound:.4g}, {pays})\n{self}"

    def _repr_html_(self) -> str:
        says = self.method != "none" and math.isfinite(self.bound)
        known = {
            "speaks of": self.population,
            "pays for": f"{self.count:,} candidate{'s' * (self.count != 1)}",
            "method": self.method,
        }
        return certificate_card(
            str(self), mean=self.mean, bound=self.bound if says else None, known=known
        )

    @property
    def _claim(self) -> str:
        sure = f"with confidence {self.confidence:.4g} the program"
        is_finite = math.isfinite(self.bound)
        upwards = math.ceil(self.bound * 10_000) / 10_000 if is_finite else self.bound
        if not self.wrong:
            return f"{sure}'s mean loss is at most {upwards:.4f} on {self.population}"
        if upwards >= 1:
            return f"nothing can be said of how often the program {self.wrong} on {self.population}"
        return f"{sure} {self.wrong} on at most {upwards:.2%} of {self.population}"

    @property
    def _seen(self) -> str:
        if self.errors is None:
            return f"mean loss {self.mean:.4g}"
        return f"{self.errors} error{'s' * (self.errors != 1)}"


def none(why: str, *, delta: float, worst: float = 1.0) -> Certificate:
    """The certificate that says nothing, and why; `worst` is the loss's own upper end."""
    return Certificate(
        bound=worst, confidence=1 - delta, method="none", count=0, errors=0, samples=0, why=why
    )


def combine(*certificates: Certificate) -> Certificate:
    """The least of several bounds on one program, with what is left of their confidence.

    Their chances to fail add up (the union bound). So to reach confidence 1 - delta with two
    bounds, make each with delta / 2.

    Args:
        certificates: of the same program, about the same population and the same loss; which one
            is the least may depend on the samples, which are made may not.

    Raises:
        ArgumentError: if there is none, one says nothing, they speak of different things, or no
            confidence is left.

    >>> from llmerm.certificates import described, fresh
    >>> both = combine(fresh(0, 100, delta=0.025), described(0, 900, bits=144, delta=0.025))
    >>> round(both.bound, 4), both.confidence
    (0.0362, 0.95)
    """
    _check_alike(certificates)
    left = 1 - math.fsum(1 - one.confidence for one in certificates)
    if left <= 0:
        raise ArgumentError(
            f"the chances of {len(certificates)} bounds to fail add up to {1 - left:.4g}, so "
            "nothing is left. Make each with a share of delta."
        )
    least = min(certificates, key=lambda one: one.bound)
    shared = f"the least of {len(certificates)} bounds, which share delta; {least.why}"
    return replace(least, confidence=round(left, 12), why=shared)


def _check_alike(certificates: tuple[Certificate, ...]) -> None:
    if not certificates:
        raise ArgumentError("got no certificate, expected at least 1 to combine.")
    for one in certificates:
        if one.method == "none":
            raise ArgumentError(f"one of them says nothing ({one.why}). Leave it out.")
    about = {(one.population, one.wrong) for one in certificates}
    if len(about) > 1:
        told = "; ".join(f"{wrong or 'mean loss'} on {on}" for on, wrong in sorted(about))
        raise ArgumentError(
            f"the certificates speak of different things ({told}), so none is a bound for all."
        )
