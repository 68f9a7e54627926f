"""The ways in: `fit`, `fit_async` and `verify` check their arguments and run the algorithm."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass
from os import PathLike

from llmerm import losses
from llmerm.algorithm import Algorithm
from llmerm.audit import audit, refuse_hopeless, warn
from llmerm.errors import ArgumentError
from llmerm.loops import blocking, synchronous
from llmerm.losses import Compare, Loss
from llmerm.program import Program
from llmerm.progress import Shows, shown
from llmerm.proposers.base import Proposer, Terms
from llmerm.proposers.model import Model
from llmerm.proposers.registry import Choice, resolve
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.result import FitResult
from llmerm.samples import Samples, Split
from llmerm.sandbox import Sandbox
from llmerm.sandbox import resolve as resolve_sandbox
from llmerm.typing import Budget, ProgressHook, Usage
from llmerm.values import is_whole


async def fit_async(
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
) -> FitResult:
    """The best of k candidate programs on held-out samples, with a certificate.

    `fit_async` is awaited; `fit` returns the result itself, also where an event loop already
    runs, as in notebooks. Their arguments are the same. Interrupted in a notebook or another
    session (Ctrl-C), `fit` gives back the best of the candidates judged so far, if there are any,
    with `stopped == "interrupted"`; a second interrupt ends that, too, and so does one in a script.
    The next `fit` of an interrupted cell is not begun: it raises KeyboardInterrupt.

    Args:
        samples: `Samples`, or any iterable of (x, y) pairs.
        k: at most this many candidates are drawn; the certificate pays for all of them.
        description: what you know of the rule in words, for model proposers.
        proposer: a name ("openai:MODEL", "anthropic:MODEL", "local", "enumerate",
            "length_first", "replay:LEDGER"), a `Proposer` or `Model`, a list of these to draw
            from in turn, or "auto": the provider whose key is set, else "enumerate".
        held_out: the share of samples that candidates are chosen on, in [0, 1). With 0 nothing
            is verified.
        loss: "zero_one", "absolute", "squared", or a function (prediction, label) -> float.
        tolerance: drawing ends with a candidate whose held-out error is at most this.
        batch_size: how many draws are judged before that is looked at (the paper's b). Default:
            after each draw, in the order of the draws, however many are in flight.
        delta: the certificate may fail with at most this probability.
        budget: a hard stop in dollars, tokens, calls or seconds.
        seed: of the split and the proposer. Same seed and replies, same result.
        sandbox: "auto" for the best this host offers, or a `Sandbox`.
        executor: any `concurrent.futures.Executor` to run programs on; default: this machine.
        ledger: a path; every draw is kept there before it is used, and a later run resumes. It
            also counts how often these samples were used to choose, so that the certificate holds
            for fits that are repeated until one pleases.
        progress: "auto" for a live line below the cell of a notebook and nothing elsewhere, True
            for one in a terminal, too, None or False for none, or a function that is called with
            a `Progress` after each candidate.

    Raises:
        ArgumentError: if an argument is out of its range, or a name is unknown.
        DataError: if nothing can be learned from the samples.
        ProposerError: if the proposer yields nothing at all.
        NoSandboxError: if this host cannot run untrusted code safely.

    >>> import llmerm
    >>> result = llmerm.fit([(i, i % 2) for i in range(80)], proposer="enumerate")
    >>> result.predict([10, 11])
    [0, 1]
    """
    _check(k, tolerance, batch_size, delta, budget)
    data = _data(samples, description)
    split = data.split(held_out, seed=seed)
    findings = audit(split)
    warn(findings)
    with shown(progress, k) as hook:
        return await Algorithm(
            split=split,
            choice=resolve(proposer),
            k=k,
            loss=losses.resolve(loss, data.outputs),
            tolerance=tolerance,
            batch_size=batch_size or 1,
            delta=delta,
            budget=budget or Budget(),
            seed=seed,
            sandbox=resolve_sandbox(sandbox),
            executor=executor,
            ledger=ledger,
            progress=hook,
            data=data.fingerprint,
            audit=findings,
            count_why=f"chosen among at most {k} candidate{'s' * (k != 1)}",
        ).learn()


fit = synchronous("fit", fit_async, keeps=True)
fit_unattended = synchronous("fit_unattended", fit_async)
"""`fit` for those who fit many times: an interrupt always ends it, with KeyboardInterrupt."""


@dataclass(frozen=True)
class Forecast:
    """What a fit would ask and could cost, before anything is called.

    Attributes:
        proposer: the proposer's name; `because` says why it would be taken.
        prompt: what a model would be asked, whole; None for proposers that ask none.
        most: the most that k draws can cost: bounds on the tokens and their price in dollars,
            with nothing cached and nothing retried.
        priced: whether `most.usd` is known; False where the price of the model is not.
    """

    proposer: str
    because: str
    prompt: str | None
    most: Usage
    priced: bool


def forecast(
    samples: Iterable[object],
    k: int = 16,
    *,
    description: str | None = None,
    proposer: str | Proposer | Model | Sequence[object] = "auto",
    held_out: float = 0.5,
    seed: int = 0,
    sandbox: str | Sandbox = "auto",
) -> Forecast:
    """What `fit` with the same arguments would ask a model, and the most that it can cost.

    Nothing is called and nothing is run.

    >>> forecast([(i, i % 2) for i in range(80)], proposer="enumerate").most.usd
    0.0
    """
    _check(k, 0.0, None, 0.05, None)
    data = _data(samples, description)
    choice = resolve(proposer)
    train = data.split(held_out, seed=seed).train
    asked = choice.proposer.under(Terms(resolve_sandbox(sandbox)))
    return Forecast(
        choice.proposer.name,
        choice.because,
        asked.prompt(train),
        asked.forecast(train, k),
        asked.priced,
    )


def verify(
    programs: str | Program | Iterable[str | Program],
    samples: Iterable[object],
    *,
    loss: str | Loss | Compare = "zero_one",
    tolerance: float = 0.0,
    delta: float = 0.05,
    sandbox: str | Sandbox = "auto",
    executor: Executor | None = None,
    ledger: str | PathLike[str] | None = None,
    progress: ProgressHook | None = None,
) -> FitResult:
    """The scores of programs you already have, and the best of them with its certificate.

    All samples count as held out. The certificate holds if the programs were fixed before
    these samples were looked at.

    Args:
        programs: a source, a `Program`, or several.
        samples: `Samples`, or any iterable of (x, y) pairs.
        loss: as in `fit`, and so are all that follow.
        tolerance: `verified` means a held-out error of at most this.
        delta: the certificate may fail with at most this probability.
        sandbox: where the programs run.
        executor: on which workers.
        ledger: a path; programs and verdicts are kept there, and it counts this as a use of the
            samples, as it counts fits. As these may have chosen the programs, the certificate
            pays for their candidates, too.
        progress: called with a `Progress` after each program.

    >>> verify("def f(x): return x % 2", [(i, i % 2) for i in range(40)]).held_out_error
    0.0
    """
    sources = _sources(programs)
    data = Samples.of(samples)
    split = Split(data.take(()), data)
    if not data:
        raise ArgumentError("`samples` is empty, expected at least 1 pair (x, y) to score on.")
    _check(len(sources), tolerance, None, delta, None)
    findings = audit(split)
    warn(findings)
    return blocking(
        Algorithm(
            split=split,
            choice=Choice(ScriptedProposer(sources), "the programs were passed in"),
            k=len(sources),
            loss=losses.resolve(loss, data.outputs),
            tolerance=tolerance,
            batch_size=len(sources),
            delta=delta,
            sandbox=resolve_sandbox(sandbox),
            executor=executor,
            ledger=ledger,
            progress=progress,
            thorough=True,
            data=data.fingerprint,
            audit=findings,
            count_why=f"the best of {len(sources)} given, if fixed before these samples were seen",
        ).learn()
    )


def _data(samples: Iterable[object], description: str | None) -> Samples:
    data = Samples.of(samples)
    refuse_hopeless(data)
    return data if description is None else data.described(description)


_PATH = re.compile(r"[^\n]*\.py")


def _sources(programs: str | Program | Iterable[str | Program]) -> list[str]:
    given = [programs] if isinstance(programs, (str, Program)) else list(programs)
    if not given:
        raise ArgumentError("`programs` is empty, expected at least one source to score.")
    sources = [program.source if isinstance(program, Program) else program for program in given]
    for source in sources:
        if _PATH.fullmatch(source):
            raise ArgumentError(f"{source!r} is a path, expected a source. Read the file first.")
    return sources


def _check(
    k: int, tolerance: float, batch_size: int | None, delta: float, budget: Budget | None
) -> None:
    if not is_whole(k, 1):
        raise ArgumentError(
            f"`k` must be an integer of at least 1, got {k!r}. To score a program you already "
            "have, use `llmerm.verify(program, samples)`."
        )
    if not 0 <= tolerance < float("inf"):
        raise ArgumentError(f"`tolerance` must be a number of at least 0, got {tolerance!r}.")
    if not isinstance(budget, Budget | None):
        raise ArgumentError(f"`budget` must be a Budget, got {budget!r}: Budget(usd=1.5), say.")
    for limit in () if budget is None else astuple(budget):
        if limit is not None and (not isinstance(limit, int | float) or math.isnan(limit)):
            raise ArgumentError(f"a limit of `budget` must be a number, got {limit!r}.")
    if batch_size is not None and batch_size < 1:
        raise ArgumentError(f"`batch_size` must be at least 1, got {batch_size!r}, or None.")
    if not 0 < delta < 1:
        raise ArgumentError(f"`delta` must be in (0, 1), got {delta!r}. 0.05 is confidence 95 %.")
