"""Algorithm LLM-ERM (arXiv 2510.14331): propose, verify, select, certify."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from hashlib import sha256
from os import PathLike

from llmerm import certificates, certifying, chance, examples
from llmerm.audit import Finding, warn
from llmerm.candidate import Candidate, priced
from llmerm.certificates import Certificate
from llmerm.drawing import closing, draws, run_of, verified, within
from llmerm.errors import NoCandidateError, OutOfBudgetError
from llmerm.incumbents import Incumbents
from llmerm.ledger import Ledger, Run
from llmerm.loops import keeping
from llmerm.losses import Loss
from llmerm.meter import Meter
from llmerm.proposers.base import Proposer, Terms
from llmerm.proposers.registry import Choice
from llmerm.provenance import Provenance
from llmerm.purse import Purse
from llmerm.result import FitResult
from llmerm.samples import Split
from llmerm.sandbox import Sandbox
from llmerm.selector import select
from llmerm.typing import Budget, Failed, Progress, ProgressHook, Scored, Usage, Value, Verdict
from llmerm.uses import Use
from llmerm.verifier import ABANDONED, Verifier
from llmerm.version import __version__


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """One run on one split: `learn` is the paper's box, the rest reports on it.

    Attributes:
        split: the train and the held-out part.
        choice: the proposer, and why it was taken.
        data: the fingerprint of all samples.
        audit: what was found about them.
        count_why: why the certificate pays for `k` candidates, in words.
        k: how many draws at most; this and all below as in `fit`, resolved.
        thorough: score every candidate to its end, also one that an earlier draw has beaten.
        counted: let the ledger count this use of the samples, and the certificate pay for the
            series; without a ledger nothing is counted.
        purse: what other runs spend from, too.
    """

    split: Split
    choice: Choice
    data: str
    audit: tuple[Finding, ...]
    count_why: str
    k: int
    loss: Loss
    sandbox: Sandbox
    tolerance: float = 0.0
    batch_size: int = 1
    delta: float = 0.05
    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    executor: Executor | None = None
    ledger: str | PathLike[str] | None = None
    progress: ProgressHook | None = None
    thorough: bool = False
    counted: bool = True
    purse: Purse = field(default_factory=Purse)
    meter: Meter = field(init=False)
    confirmed: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meter", Meter(self.budget, purse=self.purse))

    async def learn(self) -> FitResult:
        """Draws at most k programs, verifies each, and keeps the best."""
        candidates: list[Candidate] = []
        with (
            Verifier(self.sandbox, loss=self.loss, executor=self.executor) as verifier,
            Ledger(self.ledger) if self.ledger else nullcontext() as ledger,
            self.meter,
        ):
            counting = ledger if self.counted else None
            use = certifying.place(counting, self.run, self.split, self.loss, k=self.k)
            with keeping(candidates) as interrupted:
                await self._draw(verifier, ledger, candidates)
                self._refuse_nothing(candidates)
                chosen = await self._choose(verifier, candidates)
            if interrupted:
                verifier.stop()
                chosen = await self._choose(verifier, candidates)
            best = None if chosen is None else candidates[chosen]
            result = self._result(candidates, chosen, self._certify(best, ledger, use))
            self._keep(ledger, result)
        return cut_short(result) if interrupted else result

    async def _draw(
        self, verifier: Verifier, ledger: Ledger | None, candidates: list[Candidate]
    ) -> None:
        """Adds candidates as they are judged, until a batch of them has one that is good enough."""
        async with closing(self._judged(verifier, ledger)) as judged:
            async for candidate in judged:
                candidates.append(candidate)
                due = len(candidates) % self.batch_size == 0
                if due and any(map(self._within_tolerance, candidates[-self.batch_size :])):
                    return

    async def _choose(self, verifier: Verifier, candidates: list[Candidate]) -> int | None:
        """The least empirical risk, among programs that give the same predictions again."""
        await self._revive(verifier, candidates)
        while (best := select(priced(candidates))) is not None:
            candidates[best] = await self._confirmed(verifier, candidates[best])
            if isinstance(candidates[best].verdict, Scored):
                break
            await self._revive(verifier, candidates)
        return best

    async def _revive(self, verifier: Verifier, candidates: list[Candidate]) -> None:
        """Scores what was abandoned, if what it lost against turned out to be impure."""
        if not any(_is_impure(candidate.verdict) for candidate in candidates):
            return
        for index, candidate in enumerate(candidates):
            if candidate.verdict == ABANDONED and candidate.program is not None:
                work = partial(verifier.verify, candidate.program, *self.split)
                verdict = await asyncio.get_running_loop().run_in_executor(verifier.threads, work)
                candidates[index] = replace(candidate, verdict=verdict)

    async def _confirmed(self, verifier: Verifier, candidate: Candidate) -> Candidate:
        program, verdict = candidate.program, candidate.verdict
        if program is None or isinstance(verdict, Failed) or candidate.draw in self.confirmed:
            return candidate
        confirm = partial(verifier.confirm, program, *self.split, verdict=verdict)
        again = await asyncio.get_running_loop().run_in_executor(verifier.threads, confirm)
        self.confirmed.add(candidate.draw)
        return replace(candidate, verdict=again)

    async def _judged(self, verifier: Verifier, ledger: Ledger | None) -> AsyncIterator[Candidate]:
        """The candidates in draw order, each kept in the ledger and shown as progress."""
        train, held_out = self.split
        at = Progress(0, self.k)
        proposals = draws(self.proposer, train, self.k, self.run, terms=self.terms, ledger=ledger)
        affordable = within(self.meter, proposals)
        incumbents = None if self.thorough else Incumbents(self.split, self.tolerance)
        judging = verified(affordable, verifier, self.split, incumbents)
        async with closing(judging) as stream:
            async for judged in stream:
                candidate = judged
                if self._within_tolerance(judged):
                    candidate = await self._confirmed(verifier, judged)
                if ledger is not None:
                    ledger.judge(self.run, candidate.draw, held_out.fingerprint, candidate.verdict)
                at = _further(at, candidate, self.meter.total())
                if self.progress is not None:
                    self.progress(at)
                yield candidate

    @cached_property
    def terms(self) -> Terms:
        """What the proposer is told."""
        return Terms(self.sandbox, self.meter)

    @cached_property
    def proposer(self) -> Proposer:
        """The chosen proposer, under this run's terms."""
        return self.choice.proposer.under(self.terms)

    @cached_property
    def run(self) -> Run:
        """What identifies the draws in a ledger."""
        return run_of(self.proposer, self.split.train, self.seed)

    def _keep(self, ledger: Ledger | None, result: FitResult) -> None:
        """Notes in the ledger what was chosen."""
        if ledger is None or result.chosen is None:
            return
        candidate = result.candidates[result.chosen]
        selection: dict[str, Value] = {
            "draw": candidate.draw,
            "train_error": candidate.train_error,
            "held_out_error": candidate.held_out_error,
            "error_bound": result.certificate.bound,
            "delta": self.delta,
            "k": self.k,
            "data": self.data,
            "contents": self.split.contents,
            "llmerm": __version__,
        }
        ledger.choose(self.run, self.split.held_out.fingerprint, selection)

    def _within_tolerance(self, candidate: Candidate) -> bool:
        error = candidate.held_out_error
        return error is not None and error <= self.tolerance

    def _refuse_nothing(self, candidates: list[Candidate]) -> None:
        if not candidates:
            nothing = f"the proposer {self.choice.proposer.name!r} yielded no candidate"
            if limit := self.meter.spent_out:
                raise OutOfBudgetError(
                    f"{nothing} before the budget {limit} was reached. Raise it."
                )
            raise NoCandidateError(
                f"{nothing}. Give it more samples or time, or use another proposer."
            )

    def _certify(
        self, best: Candidate | None, ledger: Ledger | None, use: Use | None
    ) -> Certificate:
        refused = certifying.refusal(best, self.split, self.proposer, ledger)
        if refused or best is None or not isinstance(best.verdict, Scored):
            return certificates.none(refused, delta=self.delta, worst=self.loss.most)
        known = (best.verdict, self.split, self.loss)
        return certifying.certificate(
            *known, delta=self.delta, k=self.k, why=self.count_why, use=use
        )

    def _result(
        self, candidates: list[Candidate], chosen: int | None, certificate: Certificate
    ) -> FitResult:
        return FitResult(
            candidates=tuple(candidates),
            chosen=chosen,
            certificate=certificate,
            usage=self.meter.total(),
            seed=self.seed,
            stopped=self._stopped(candidates),
            audit=self.audit,
            provenance=self._provenance(),
            chance_error=chance.error(self.split, self.loss),
            loss=self.loss,
            sandbox=self.sandbox,
            examples=examples.kept(self.split),
        )

    def _stopped(self, candidates: list[Candidate]) -> str:
        if any(map(self._within_tolerance, candidates)) and len(candidates) < self.k:
            return "a candidate's held-out error is within the tolerance"
        if self.meter.spent_out:
            return f"the budget {self.meter.spent_out} was reached"
        return f"k={self.k} draws" if len(candidates) >= self.k else "the proposer had no more"

    def _provenance(self) -> Provenance:
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
            prompt_hash=self.run.prompt and sha256(self.run.prompt.encode()).hexdigest(),
        )


def cut_short(result: FitResult) -> FitResult:
    """The result of a fit that was interrupted; a warning says what it is."""
    count, k = len(result.candidates), result.provenance.k
    warn([f"interrupted: this is the best of {count} judged candidates, of at most {k}."])
    return replace(result, stopped="interrupted")


def _is_impure(verdict: Verdict) -> bool:
    return isinstance(verdict, Failed) and verdict.reason == "impure"


def _further(at: Progress, candidate: Candidate, usage: Usage) -> Progress:
    """Where the fit stands after one more candidate."""
    return Progress(
        at.drawn + 1,
        at.k,
        _lower(at.best_error, candidate),
        usage,
        at.scored + isinstance(candidate.verdict, Scored),
    )


def _lower(best: float, candidate: Candidate) -> float:
    if not isinstance(candidate.verdict, Scored):
        return best
    error = candidate.held_out_error
    error = candidate.train_error if error is None else error
    return best if error is None or best <= error else error
