"""Whether gradient descent can be expected to learn a task from m samples: a heuristic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from llmerm.errors import ArgumentError
from llmerm.tasks.base import Task
from llmerm.tasks.bits import BitTask
from llmerm.tasks.coordinates import CoordinateTask
from llmerm.tasks.k_parity import KParity
from llmerm.tasks.strings import StringTask
from llmerm.theory.bounds import erm_samples, sq_lower_bound
from llmerm.theory.detection import detect_low_degree
from llmerm.theory.spectrum import MOST, Spectrum, matters, tabulated

HARD = "likely too few for gradient descent, enough for empirical risk over parities of that leap"
ENOUGH = "likely enough for gradient descent"
UNCLEAR = "an unclear case"

_MOST_WORK = 500_000_000  # products times samples, beyond which a degree is not searched
_MOST_BIAS = 0.2  # |mean sign|: samples come balanced, so a rarer class means other inputs


@dataclass(frozen=True)
class Hardness:
    """What a task's leap says of m samples: a heuristic from a conjecture, never a proof.

    Attributes:
        task: the family's name.
        n: the length of an input.
        m: the samples that the verdict is about.
        leap: of the rule on uniform bits; None where it is not known.
        exact: whether `leap` rests on no probes.
        effective_leap: the leap of the coefficients that show in m samples; None if none does.
        always_sensitive: how many coordinates flip the label whenever they flip.
        predicted_samples: n ** max(leap - 1, 1), the conjectured order for online SGD.
        predicted_time: n ** max(leap, 2), likewise.
        sq_lower_bound: sqrt(C(n, leap)), the order of the bound for coordinate-wise SGD; 2**(n/2)
            for a leap above n / 2.
        erm_samples: what the least empirical risk over all parities of that size needs.
        detectable_degree: the least degree at which m samples of the task show a correlation, out
            of degrees up to 3 (less for many samples); None if none does, or for other inputs.
        verdict: `HARD`, `ENOUGH`, or `UNCLEAR` with the reason.
    """

    task: str
    n: int
    m: int
    leap: int | None
    exact: bool
    effective_leap: int | None
    always_sensitive: int | None
    predicted_samples: int | None
    predicted_time: int | None
    sq_lower_bound: float | None
    erm_samples: float | None
    detectable_degree: int | None
    verdict: str

    def __str__(self) -> str:
        known = "unknown" if self.leap is None else f"{self.leap}"
        probed = "" if self.exact or self.leap is None else " (from probes)"
        return (
            f"{self.task}, n = {self.n}, leap {known}{probed}: {self.m} samples are "
            f"{self.verdict} (a heuristic)."
        )


def sgd_hardness(task: Task, m: int, *, seed: int = 0) -> Hardness:
    """Whether m samples of a task are likely enough for gradient descent, by its leap.

    The verdict is `HARD` where erm_samples <= m < 5 sqrt(C(n, leap)), `ENOUGH` where
    m >= 16 n ** max(leap - 1, 1), and otherwise `UNCLEAR`. Where small steps do not show in m
    samples, the effective leap takes the leap's place if it is larger.

    The constants 5 and 16 bracket where a perceptron with two layers of 256, trained by AdamW over
    several passes, began to learn planted parities of 2 to 10 of 12 to 160 bits. So it is a
    heuristic: n ** (leap - 1) is conjectured for online training on uniform bits, and is no lower
    bound for several passes; the empirical risk is that over parities, which other rules are not.
    Wrong labels (`rule_error`) are not reckoned with.

    Only rules over uniform bits have a leap here; of others the verdict is unclear, and the
    samples say what correlates.

    Args:
        task: the task family at its parameters.
        m: training samples.
        seed: of the probes and samples.

    Raises:
        ArgumentError: if `m` is below 1.
        TaskError: if the task has no m samples.

    >>> from llmerm.tasks import get
    >>> sgd_hardness(get("k_parity", n=100, k=10), 200).verdict
    'likely too few for gradient descent, enough for empirical risk over parities of that leap'
    """
    if m < 1:
        raise ArgumentError(f"`m` must be at least 1, got {m}.")
    degree = _detectable(task, m, seed)
    if not isinstance(task, BitTask):
        return _unknown(task, m, degree, None, "its inputs are not uniform bits")
    places = _read_by(task)
    found = matters(task.labels, task.n, places, seed=seed)
    if len(found.sometimes) > MOST:
        reason = f"{len(found.sometimes)} coordinates matter, and a table holds {MOST}"
        return _unknown(task, m, degree, len(found.always), reason)
    exact = len(places) <= MOST
    return _known(task, m, degree, tabulated(task.labels, task.n, found, exact=exact))


def _known(task: Task, m: int, degree: int | None, seen: Spectrum) -> Hardness:
    n, leap, effective = task.n, seen.leap, seen.effective_leap(m)
    bound, erm = _parity_bounds(n, leap) if leap else (1.0, 0.0)
    return Hardness(
        task=task.name,
        n=n,
        m=m,
        leap=leap,
        exact=seen.exact,
        effective_leap=effective,
        always_sensitive=len(seen.in_every_product),
        predicted_samples=n ** max(leap - 1, 1),
        predicted_time=n ** max(leap, 2),
        sq_lower_bound=bound,
        erm_samples=erm,
        detectable_degree=degree,
        verdict=_verdict(n, m, seen, effective),
    )


def _unknown(task: Task, m: int, degree: int | None, always: int | None, reason: str) -> Hardness:
    verdict = f"{UNCLEAR}: no leap is known, as {reason}"
    nothing = (None,) * 4
    return Hardness(task.name, task.n, m, None, False, None, always, *nothing, degree, verdict)


def _verdict(n: int, m: int, seen: Spectrum, effective: int | None) -> str:
    if not seen.leap:
        return f"{UNCLEAR}: the rule is a constant"
    if abs(seen.constant) > _MOST_BIAS:
        return f"{UNCLEAR}: one label is rare, and balanced samples of it are not uniform bits"
    if effective is None:
        return f"{UNCLEAR}: no coefficient is large enough to show in so many"
    jump = max(seen.leap, effective)  # small steps that do not show are no help
    bound, erm = _parity_bounds(n, jump)
    if erm <= m < 5 * bound:
        return HARD
    if m >= 16 * n ** max(jump - 1, 1):
        return ENOUGH
    return f"{UNCLEAR}: more than is known to be too few, less than is known to be enough"


def _parity_bounds(n: int, k: int) -> tuple[float, float]:
    """The query bound and the ERM count; above n / 2 those of the class of all parities.

    C(n, k) falls again there, to 1 at k = n, and the class that a learner must take does not.
    """
    erm = erm_samples(n, k) if 2 * k <= n else n - math.log2(0.05)
    try:
        return sq_lower_bound(n, k) if 2 * k <= n else 2.0 ** (n / 2), erm
    except OverflowError:  # above 1e308, from about 2,000 bits on
        return math.inf, erm


def _read_by(task: BitTask) -> Sequence[int]:
    """The coordinates that the family declares; else all."""
    if isinstance(task, CoordinateTask):
        return task.chosen
    if isinstance(task, KParity):
        return task.coordinates or ()
    return range(task.n)


def _detectable(task: Task, m: int, seed: int) -> int | None:
    if not isinstance(task, StringTask) or task.symbols != "01":
        return None
    fitting = [d for d in (1, 2, 3) if m * math.comb(task.n, d) <= _MOST_WORK]
    return detect_low_degree(task.sample(m, seed), degree=max(fitting, default=1)).degree
