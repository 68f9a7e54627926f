"""From proposals to candidates: kept in the ledger, held to the budget, verified in parallel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

from llmerm.candidate import Candidate
from llmerm.errors import ProgramError, ProposerError
from llmerm.incumbents import Incumbents
from llmerm.ledger import ADAPTIVE, Ledger, Run
from llmerm.meter import Meter
from llmerm.program import Program
from llmerm.proposers.base import Proposer, Terms
from llmerm.samples import Samples, Split
from llmerm.typing import Failed, Proposal, Reason, Scored, Usage, Verdict
from llmerm.verifier import ABANDONED, Verifier

Item = TypeVar("Item")


@asynccontextmanager
async def closing(stream: AsyncIterator[Item]) -> AsyncIterator[AsyncIterator[Item]]:
    """The stream, closed at the end if it can be: a user's iterator need not be a generator."""
    try:
        yield stream
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


def run_of(proposer: Proposer, train: Samples, seed: int) -> Run:
    """What identifies the draws of a proposer for these samples, in a ledger."""
    return Run(
        proposer=proposer.name,
        parameters={**proposer.parameters, **({ADAPTIVE: True} if proposer.adaptive else {})},
        train=train.fingerprint,
        description=train.description,
        seed=seed,
        prompt=proposer.prompt(train),
    )


async def draws(
    proposer: Proposer, train: Samples, k: int, run: Run, *, terms: Terms, ledger: Ledger | None
) -> AsyncIterator[Proposal]:
    """At most `k` proposals: those that the ledger holds first, then new ones, kept before use.

    A draw that the provider failed to make was not paid for; it is not kept, so that it is made
    when the run is resumed.
    """
    kept: dict[int, Proposal] = {}
    if ledger is not None:
        ledger.begin(run)
        kept = {draw: old for draw, old in ledger.draws(run).items() if draw < k}
        note = partial(ledger.note, run)
        terms = replace(terms, paid=kept, notes=ledger.notes(run), note=note)
        terms.meter.take_up(run.key, {draw: old.usage for draw, old in kept.items()})
    for _, proposal in sorted(kept.items()):
        yield proposal
    if len(kept) >= k:
        return
    proposing = proposer.under(terms).propose(train, k, run.seed)
    if not hasattr(proposing, "__aiter__"):
        raise ProposerError(
            f"`propose` of {proposer.name!r} gave a {type(proposing).__name__}, expected a stream. "
            "Write it as `async def` with `yield`."
        )
    async with closing(proposing) as stream:
        async for proposal in stream:
            _check(proposal, proposer.name)
            if proposal.draw in kept or proposal.draw >= k:
                await asyncio.sleep(0)  # so that a proposer without end can be stopped
                continue
            if ledger is not None and not _unmade(proposal):
                first = ledger.record(run, proposal)
                yield replace(first, usage=proposal.usage)
            else:
                yield proposal


def _unmade(proposal: Proposal) -> bool:
    return proposal.failure is not None and proposal.failure.reason in ("provider", "exhausted")


def _check(proposal: object, name: str) -> None:
    if not isinstance(proposal, Proposal):
        raise ProposerError(f"the proposer {name!r} yielded {proposal!r:.60}, expected a Proposal.")
    if type(proposal.draw) is not int or not 0 <= proposal.draw < 1 << 63:
        raise ProposerError(
            f"the proposer {name!r} numbered a draw {proposal.draw!r:.60}. Number them 0, 1, 2, ..."
        )
    kinds = (
        ("source", proposal.source, str),
        ("usage", proposal.usage, Usage),
        ("failure", proposal.failure, Failed | None),
    )
    for slot, value, kind in kinds:
        if not isinstance(value, kind):
            raise ProposerError(f"draw {proposal.draw} of {name!r} has the {slot} {value!r:.60}.")


async def within(meter: Meter, proposals: AsyncIterator[Proposal]) -> AsyncIterator[Proposal]:
    """The proposals until a limit of the budget is reached; a call in flight then is cancelled."""
    async with closing(proposals) as stream:
        while not meter.reached():
            try:
                async with asyncio.timeout(meter.seconds_left()):
                    proposal = await anext(stream)
            except (StopAsyncIteration, TimeoutError):
                meter.reached()
                return
            meter.add(proposal)
            yield proposal


async def verified(
    proposals: AsyncIterator[Proposal],
    verifier: Verifier,
    split: Split,
    incumbents: Incumbents | None,
) -> AsyncIterator[Candidate]:
    """One candidate per proposal, in the order of the draws, whatever the order they end in.

    With `incumbents`, those that an earlier draw has beaten may be abandoned; without, none is.
    """
    async with closing(proposals) as stream:
        judge = _Judge(verifier, split, incumbents)
        pump = asyncio.ensure_future(judge.take_in(stream))
        try:
            async for candidate in judge.in_order(pump):
                yield candidate
        finally:
            await judge.cancel(pump)


class _Judge:
    """Verifies proposals as they arrive, each normal form once."""

    def __init__(self, verifier: Verifier, split: Split, incumbents: Incumbents | None) -> None:
        self._verifier = verifier
        self._split = split
        self._incumbents = incumbents if incumbents is not None and incumbents.active else None
        self._room = asyncio.Semaphore(2 * verifier.workers)
        self._arrived = asyncio.Event()
        self._judged: dict[int, asyncio.Task[Candidate]] = {}
        self._running: dict[str, tuple[int, asyncio.Task[Verdict]]] = {}
        self._first: dict[str, int] = {}

    async def take_in(self, proposals: AsyncIterator[Proposal]) -> None:
        """Starts a task for each proposal; none waits unread, for it may have been paid for."""
        try:
            async for proposal in proposals:
                if proposal.draw in self._judged:
                    raise ProposerError(
                        f"draw {proposal.draw} came twice. Number the draws 0, 1, 2, ... once each."
                    )
                self._judged[proposal.draw] = asyncio.ensure_future(self._candidate(proposal))
                self._arrived.set()
        finally:
            self._arrived.set()

    async def in_order(self, pump: asyncio.Future[None]) -> AsyncIterator[Candidate]:
        """The candidates by draw number; a number that never came is left out at the end."""
        turn = 0
        while not pump.done() or turn in self._judged:
            if turn in self._judged:
                candidate = await self._judged[turn]
                if candidate.verdict != Failed("exhausted"):
                    yield self._marked(self._settled(candidate))
                turn += 1
            else:
                self._arrived.clear()
                await self._arrived.wait()
        pump.result()
        for draw in sorted(draw for draw in self._judged if draw > turn):
            yield self._marked(self._settled(await self._judged[draw]))

    async def cancel(self, pump: asyncio.Future[None]) -> None:
        """Ends all that is in flight."""
        running = [task for _, task in self._running.values()]
        tasks: list[asyncio.Future[Any]] = [pump, *self._judged.values(), *running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _candidate(self, proposal: Proposal) -> Candidate:
        if proposal.failure is not None:
            return Candidate(proposal, None, proposal.failure)
        async with self._room:
            try:
                program = Program(proposal.source)
                verdict = await self._verdict(proposal.draw, program)
            except ProgramError as error:
                return Candidate(proposal, None, Failed(cast("Reason", error.reason), str(error)))
        if self._incumbents is not None:
            self._incumbents.add(proposal.draw, verdict)
        return Candidate(proposal, program, verdict)

    async def _verdict(self, draw: int, program: Program) -> Verdict:
        """The program's verdict; an earlier draw of one normal form may stand for it.

        Only the scores of an earlier draw do, so that the one chosen among equals was run itself,
        and that it was abandoned: what beats an earlier draw beats this one, too.
        """
        earlier, running = self._running.get(program.normal_form, (draw, None))
        if running is not None and earlier < draw:
            verdict = await asyncio.shield(running)
            if isinstance(verdict, Scored) or verdict == ABANDONED:
                return verdict
        task = asyncio.ensure_future(self._verified(draw, program))
        self._running[program.normal_form] = draw, task
        return await asyncio.shield(task)

    async def _verified(self, draw: int, program: Program) -> Verdict:
        loop = asyncio.get_running_loop()
        bar = None if self._incumbents is None else partial(self._incumbents.bar, draw)
        verify = partial(self._verifier.verify, program, *self._split, bar=bar)
        work = loop.run_in_executor(self._verifier.threads, verify)
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await work

    def _settled(self, candidate: Candidate) -> Candidate:
        if self._incumbents is None:
            return candidate
        verdict = self._incumbents.settled(candidate.draw, candidate.verdict)
        return replace(candidate, verdict=verdict)

    def _marked(self, candidate: Candidate) -> Candidate:
        """The candidate, marked if an earlier draw is the same program or behaves the same."""
        if not isinstance(candidate.verdict, Scored) or candidate.program is None:
            return candidate
        marks = (candidate.program.normal_form, candidate.verdict.behaviour)
        earlier = [self._first[mark] for mark in marks if mark in self._first]
        for mark in marks:
            self._first.setdefault(mark, candidate.draw)
        return replace(candidate, duplicate_of=min(earlier)) if earlier else candidate
