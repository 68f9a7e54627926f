"""`controls`: a fit beside its controls, which say how much of its score the data earned."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike

from llmerm import certificates
from llmerm.altered import with_other_names, with_shuffled_labels, without_samples
from llmerm.arms import CONSTANT, Arm, Controls
from llmerm.driver import fit_async
from llmerm.errors import (
    ArgumentError,
    LlmermError,
    LlmermWarning,
    NoCandidateError,
    OutOfBudgetError,
)
from llmerm.loops import synchronous
from llmerm.losses import Compare, Loss
from llmerm.progress import Shows
from llmerm.proposers.base import Proposer
from llmerm.proposers.model import Model
from llmerm.result import FitResult
from llmerm.samples import Samples
from llmerm.sandbox import Sandbox
from llmerm.typing import Budget, Usage

ARMS = 4
"""The fit and three controls: so many intervals share delta, whichever of them are run."""


async def controls_async(
    samples: Iterable[object],
    k: int = 16,
    *,
    description: str | None = None,
    proposer: str | Proposer | Model | Sequence[object] = "auto",
    held_out: float = 0.5,
    loss: str | Loss | Compare = "zero_one",
    tolerance: float = 0.0,
    batch_size: int | None = None,
    delta: float = 0.05,
    budget: Budget | None = None,
    seed: int = 0,
    sandbox: str | Sandbox = "auto",
    executor: Executor | None = None,
    ledger: str | PathLike[str] | None = None,
    progress: Shows = "auto",
) -> Controls:
    """A fit and its controls, side by side, and how much of the score the data earned.

    Up to four fits, one after another, each of at most k draws:

    - the fit itself, as `fit` makes it;
    - on shuffled labels, dealt out at random over all samples before the split. There is nothing
      to learn, so a score above that of a constant is luck (the best of k looks better than it
      is) or a leak;
    - without samples: the proposer has an empty train part, the description, and in words what
      inputs and labels are. Its candidates are scored on the same held-out part: what is known
      beforehand earns that much. A proposer that has nothing to say then scores as a constant;
    - with other names for the characters of texts or for the columns of rows, throughout, and
      without the description. Where inputs are numbers it is left out.

    `Controls.earned` is the least error of the best constant, the shuffled labels and the run
    without samples, less the error of the fit; `earned_at_least` is what of it is no luck.

    `controls` returns the result itself; `controls_async` is awaited.

    Args:
        samples: as in `fit`, and so are all that follow.
        k: at most this many candidates are drawn in each run.
        description: what you know of the rule in words, for model proposers.
        proposer: it should draw anew in each run: programs that are given or replayed tell
            nothing of what a proposer would do without samples.
        held_out: the share of samples that candidates are chosen on, in (0, 1).
        loss: for one that does not count errors, mean losses are compared, without intervals.
        tolerance: drawing ends with a candidate whose held-out error is at most this.
        batch_size: how many draws are judged before that is looked at.
        delta: all intervals together, and each certificate, may fail with at most this probability.
        budget: a hard stop for all runs together; a control that it leaves no room for is left
            out. All runs cost about four times what `forecast` says of one, at most.
        seed: of the split, the proposer, the shuffled labels and the names.
        sandbox: where the programs run.
        executor: on which workers.
        ledger: a path; each run's draws are kept there under its own samples. The run without
            samples looks at the same held-out part again.
        progress: as in `fit`, for each run in turn.

    Raises:
        ArgumentError: if an argument is out of its range, or nothing is held out.
        DataError: if nothing can be learned from the samples.
        ProposerError: as `fit` does; a proposer with nothing to say in a control is no error.

    >>> from llmerm.proposers import Enumerate
    >>> search = Enumerate(seconds=1.0)
    >>> found = controls([(i, i % 2) for i in range(200)], proposer=search)
    >>> found.fit.error, found.earned > 0.25
    (0.0, True)
    """
    if held_out == 0:
        raise ArgumentError(
            "`held_out` must be in (0, 1) for controls, got 0: they compare held-out errors."
        )
    data = Samples.of(samples)
    made = partial(
        fit_async,
        k=k,
        proposer=proposer,
        held_out=held_out,
        loss=loss,
        tolerance=tolerance,
        batch_size=batch_size,
        delta=delta,
        seed=seed,
        sandbox=sandbox,
        executor=executor,
        ledger=ledger,
        progress=progress,
    )
    runs = _Runs(made, data if description is None else data.described(description), budget)
    return await runs.all(seed, delta)


controls = synchronous("controls", controls_async)


@dataclass
class _Runs:
    """The runs on one set of samples, which share a budget."""

    fit: Callable[..., Awaitable[FitResult]]
    data: Samples
    budget: Budget | None
    usage: Usage = field(default_factory=Usage)
    since: float = field(default_factory=time.monotonic)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    async def all(self, seed: int, delta: float) -> Controls:
        """The fit first: whatever is wrong with the arguments, it says."""
        result = await self.fit(self.data, budget=self.budget)
        self.usage += result.usage
        read = partial(_arm, constant=result.chance_error, delta=delta / ARMS)
        control = partial(self._control, read)
        return Controls(
            fit=read("the fit", "nothing was altered", result),
            shuffled=await control("labels shuffled", _SHUFFLED, self._shuffled(seed)),
            without_samples=await control("without samples", _UNTAUGHT, without_samples(self.data)),
            renamed=await control("names changed", _RENAMED, with_other_names(self.data, seed)),
            left_out=tuple(self.left_out),
            constant=result.chance_error,
            loss=result.loss,
            held_out=result.provenance.held_out,
            confidence=1 - delta,
            usage=self.spent,
        )

    @property
    def spent(self) -> Usage:
        """The cost of all runs so far, with the wall seconds since the start."""
        return replace(self.usage, seconds=time.monotonic() - self.since)

    def _shuffled(self, seed: int) -> Samples:
        return with_shuffled_labels(self.data, seed)

    async def _control(
        self, read: Callable[..., Arm], name: str, about: str, altered: Samples | None
    ) -> Arm | None:
        """One control, or None and the reason in `left_out`."""
        if altered is None:
            self.left_out.append((name, "the inputs are numbers, which have no names to change"))
            return None
        if self.budget is not None and (limit := self.budget.spent(self.spent)):
            self.left_out.append((name, f"the budget {limit} was used up before it"))
            return None
        try:
            outcome = await self._tried(altered)
        except OutOfBudgetError as error:
            self.left_out.append((name, str(error)))
            return None
        return read(name, about, outcome)

    async def _tried(self, altered: Samples) -> FitResult | str:
        """The fit of altered samples, or why the proposer had nothing to say of them."""
        with warnings.catch_warnings():  # what is to be said of the samples was said of the fit
            warnings.simplefilter("ignore", LlmermWarning)
            try:
                result = await self.fit(altered, budget=_left(self.budget, self.spent))
            except NoCandidateError:
                return "the proposer had nothing to say"
            except LlmermError:
                raise
            except Exception as error:  # a user's proposer, which may not expect such samples
                return f"the proposer raised {error!r:.80}"
        self.usage += result.usage
        return result


_SHUFFLED = "labels dealt out at random before the split"
_UNTAUGHT = "nothing to learn from: the description, and what inputs and labels are"
_RENAMED = "other characters in texts, or other columns"


def _left(budget: Budget | None, usage: Usage) -> Budget | None:
    """What is left of a budget that is not spent."""
    if budget is None:
        return None
    limits = {name: getattr(budget, name) for name in ("usd", "tokens", "calls", "seconds")}
    used = {name: limit for name, limit in limits.items() if limit is not None}
    return replace(budget, **{name: limit - getattr(usage, name) for name, limit in used.items()})


def _arm(name: str, about: str, outcome: FitResult | str, *, constant: float, delta: float) -> Arm:
    """What an outcome scored; as the best constant does where there is no program with a score."""
    if isinstance(outcome, str):
        note = f"{outcome}, so {CONSTANT}"
        return Arm(name=name, about=about, result=None, error=constant, note=note)
    error = None if outcome.chosen is None else outcome.held_out_error
    if error is None or math.isinf(error):
        note = f"no program has a score, so {CONSTANT}"
        return Arm(name=name, about=about, result=outcome, error=constant, note=note)
    return Arm(
        name=name, about=about, result=outcome, error=error, interval=_interval(outcome, delta)
    )


def _interval(result: FitResult, delta: float) -> tuple[float, float] | None:
    """The exact interval of an error rate; it pays for all candidates that the certificate does."""
    found = result.certificate
    if found.method == "none" or found.errors is None or not result.loss.wrong:
        return None
    return certificates.interval(found.errors, found.samples, delta=delta / found.count)
