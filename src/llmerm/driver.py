"""LLM-ERM, the driver: propose, verify, select, certify."""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from os import PathLike

from llmerm import certificates, chance, losses
from llmerm.audit import Finding, audit, refuse_hopeless, warn
from llmerm.certificates import Certificate
from llmerm.drawing import Meter, batched, closing, draws, run_of, verified, within
from llmerm.errors import ArgumentError, ProposerError
from llmerm.ledger import Ledger
from llmerm.loops import blocking, synchronous
from llmerm.losses import ZERO_ONE, Compare, Loss
from llmerm.program import Program
from llmerm.proposers.base import Proposer
from llmerm.proposers.registry import Choice, resolve
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.result import Candidate, FitResult, Provenance
from llmerm.samples import Samples, Split
from llmerm.sandbox import Sandbox
from llmerm.sandbox import default as default_sandbox
from llmerm.selector import select
from llmerm.typing import Budget, Progress, ProgressHook, Scored
from llmerm.verifier import Verifier
from llmerm.version import __version__


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """One run of algorithm LLM-ERM (arXiv 2510.14331): `learn` is the paper's box."""

    split: Split
    choice: Choice
    k: int
    loss: Loss
    tolerance: float
    batch_size: int
    delta: float
    budget: Budget
    seed: int
    sandbox: Sandbox
    executor: Executor | None
    ledger: str | PathLike[str] | None
    progress: ProgressHook | None
    data: str
    audit: tuple[Finding, ...]
    count_why: str
    meter: Meter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meter", Meter(self.budget))

    async def learn(self) -> FitResult:
        candidates: list[Candidate] = []
        with Verifier(self.sandbox, loss=self.loss, executor=self.executor) as verifier:
            async with closing(batched(self.judged(verifier), self.batch_size)) as batches:
                async for batch in batches:
                    candidates += batch
                    if any(map(self.within_tolerance, batch)):
                        break
        self.refuse_nothing(candidates)
        chosen = select([candidate.verdict for candidate in candidates])
        return self.result(candidates, chosen, self.certify(candidates, chosen))

    async def judged(self, verifier: Verifier) -> AsyncIterator[Candidate]:
        """The candidates in draw order, each kept in the ledger and shown as progress."""
        train, held_out = self.split
        run = run_of(self.choice.proposer, train, self.seed)
        drawn, best = 0, float("nan")
        with Ledger(self.ledger) if self.ledger else nullcontext() as ledger:
            proposals = draws(self.choice.proposer, train, self.k, self.seed, ledger=ledger)
            affordable = within(self.meter, proposals)
            async with closing(verified(affordable, verifier, self.split)) as stream:
                async for candidate in stream:
                    if ledger is not None:
                        ledger.judge(run, candidate.draw, held_out.fingerprint, candidate.verdict)
                    drawn, best = drawn + 1, _lower(best, candidate)
                    if self.progress is not None:
                        self.progress(Progress(drawn, self.k, best, self.meter.total()))
                    yield candidate

    def within_tolerance(self, candidate: Candidate) -> bool:
        error = candidate.held_out_error
        return error is not None and error <= self.tolerance

    def refuse_nothing(self, candidates: list[Candidate]) -> None:
        if not candidates:
            limit = self.meter.spent_out
            raise ProposerError(
                f"the proposer {self.choice.proposer.name!r} yielded no candidate"
                + (f" before the budget {limit} was reached. Raise it." if limit else
                   ". Give it more samples or time, or use another proposer.")
            )  # fmt: skip

    def certify(self, candidates: list[Candidate], chosen: int | None) -> Certificate:
        worst = 1.0 if self.loss == ZERO_ONE else float("inf")
        held_out = self.split.held_out
        if chosen is None:
            why = "no candidate could be scored"
        elif not held_out:
            why = "nothing was held out, so nothing was verified"
        elif self.loss != ZERO_ONE:
            why = f"the exact bound is for the zero-one loss, this one is {self.loss.name}"
        else:
            errors = round((candidates[chosen].held_out_error or 0.0) * len(held_out))
            return certificates.best_of(
                errors, len(held_out), delta=self.delta, count=self.k, why=self.count_why
            )
        return certificates.none(why, delta=self.delta, worst=worst)

    def result(
        self, candidates: list[Candidate], chosen: int | None, certificate: Certificate
    ) -> FitResult:
        return FitResult(
            candidates=tuple(candidates),
            chosen=chosen,
            certificate=certificate,
            usage=self.meter.total(),
            seed=self.seed,
            stopped=self.stopped(candidates),
            audit=self.audit,
            provenance=self.provenance(),
            chance_error=chance.error(self.split, self.loss),
            loss=self.loss,
            sandbox=self.sandbox,
        )

    def stopped(self, candidates: list[Candidate]) -> str:
        if any(map(self.within_tolerance, candidates)) and len(candidates) < self.k:
            return "a candidate's held-out error is within the tolerance"
        if self.meter.spent_out:
            return f"the budget {self.meter.spent_out} was reached"
        return f"k={self.k} draws" if len(candidates) >= self.k else "the proposer had no more"

    def provenance(self) -> Provenance:
        train, held_out = self.split
        return Provenance(
            llmerm=__version__,
            python=platform.python_version(),
            platform=platform.platform(),
            proposer=self.choice.proposer.name,
            parameters=dict(self.choice.proposer.parameters),
            chosen_because=self.choice.because,
            data=self.data,
            train=len(train),
            held_out=len(held_out),
            k=self.k,
            seed=self.seed,
            loss=self.loss.name,
            tolerance=self.tolerance,
            isolation=self.sandbox.isolation,
        )


def _lower(best: float, candidate: Candidate) -> float:
    if not isinstance(candidate.verdict, Scored):
        return best
    error = candidate.held_out_error
    error = candidate.train_error if error is None else error
    return best if error is None or best <= error else error


async def fit_async(
    samples: Iterable[object],
    k: int = 16,
    *,
    description: str | None = None,
    proposer: str | Proposer = "auto",
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
    progress: ProgressHook | None = None,
) -> FitResult:
    """The best of k candidate programs on held-out samples, with a certificate.

    `fit_async` is awaited; `fit` returns the result itself, also where an event loop already
    runs, as in notebooks. Their arguments are the same.

    Args:
        samples: `Samples`, or any iterable of (x, y) pairs.
        k: at most this many candidates are drawn; the certificate pays for all of them.
        description: what you know of the rule in words, for model proposers.
        proposer: a name ("enumerate", "length_first", "replay:LEDGER"), a `Proposer`, or "auto".
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
        ledger: a path; every draw is kept there before it is used, and a later run resumes.
        progress: called with a `Progress` after each candidate.

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
    _check(k, tolerance, batch_size, delta)
    data = Samples.of(samples)
    if description is not None:
        data = data.described(description)
    refuse_hopeless(data)
    split = data.split(held_out, seed=seed)
    findings = audit(split)
    warn(findings)
    return await _Fit(
        split=split,
        choice=resolve(proposer),
        k=k,
        loss=losses.resolve(loss, data.outputs),
        tolerance=tolerance,
        batch_size=batch_size or 1,
        delta=delta,
        budget=budget or Budget(),
        seed=seed,
        sandbox=_sandbox(sandbox),
        executor=executor,
        ledger=ledger,
        progress=progress,
        data=data.fingerprint,
        audit=findings,
        count_why=f"chosen among at most {k} candidates",
    ).learn()


fit = synchronous("fit", fit_async)


def verify(
    programs: str | Program | Iterable[str | Program],
    samples: Iterable[object],
    *,
    loss: str | Loss | Compare = "zero_one",
    tolerance: float = 0.0,
    delta: float = 0.05,
    sandbox: str | Sandbox = "auto",
    executor: Executor | None = None,
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
        progress: called with a `Progress` after each program.

    >>> verify("def f(x): return x % 2", [(i, i % 2) for i in range(40)]).held_out_error
    0.0
    """
    sources = _sources(programs)
    data = Samples.of(samples)
    split = Split(data.take(()), data)
    if not data:
        raise ArgumentError("`samples` is empty, expected at least 1 pair (x, y) to score on.")
    _check(len(sources), tolerance, None, delta)
    findings = audit(split)
    warn(findings)
    return blocking(
        _Fit(
            split=split,
            choice=Choice(ScriptedProposer(sources), "the programs were passed in"),
            k=len(sources),
            loss=losses.resolve(loss, data.outputs),
            tolerance=tolerance,
            batch_size=len(sources),
            delta=delta,
            budget=Budget(),
            seed=0,
            sandbox=_sandbox(sandbox),
            executor=executor,
            ledger=None,
            progress=progress,
            data=data.fingerprint,
            audit=findings,
            count_why=f"the best of {len(sources)} given, if fixed before these samples were seen",
        ).learn()
    )


def _sources(programs: str | Program | Iterable[str | Program]) -> list[str]:
    given = [programs] if isinstance(programs, (str, Program)) else list(programs)
    if not given:
        raise ArgumentError("`programs` is empty, expected at least one source to score.")
    return [program.source if isinstance(program, Program) else program for program in given]


def _sandbox(sandbox: str | Sandbox) -> Sandbox:
    if isinstance(sandbox, Sandbox):
        return sandbox
    if sandbox == "auto":
        return default_sandbox()
    raise ArgumentError(
        f"`sandbox` must be 'auto' or a Sandbox, got {sandbox!r:.60}. To set limits use "
        "llmerm.sandbox.default(cpu_seconds=..., memory_mb=...)."
    )


def _check(k: int, tolerance: float, batch_size: int | None, delta: float) -> None:
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise ArgumentError(
            f"`k` must be an integer of at least 1, got {k!r}. To score a program you already "
            "have, use `llmerm.verify(program, samples)`."
        )
    if not 0 <= tolerance < float("inf"):
        raise ArgumentError(f"`tolerance` must be a number of at least 0, got {tolerance!r}.")
    if batch_size is not None and batch_size < 1:
        raise ArgumentError(f"`batch_size` must be at least 1, got {batch_size!r}, or None.")
    if not 0 < delta < 1:
        raise ArgumentError(f"`delta` must be in (0, 1), got {delta!r}. 0.05 is confidence 95 %.")
