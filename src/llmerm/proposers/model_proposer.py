"""The proposer behind every model: asks for k independent drafts, reads the code out of each."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, final

from llmerm.errors import ArgumentError, ProposerError
from llmerm.meter import Meter
from llmerm.proposers import extract
from llmerm.proposers.anonymise import Anonymised
from llmerm.proposers.base import Proposer, Terms
from llmerm.proposers.calling import Caller, OutOfBudgetError
from llmerm.proposers.limiter import Limiter
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.proposers.prompt import PromptFunction, asked, render, subset
from llmerm.samples import Samples
from llmerm.sandbox.modules import MODULES
from llmerm.typing import Budget, Failed, Proposal, Usage, Value

Outcome: TypeAlias = "tuple[Request, Sequence[Reply] | Fault]"


@final
class ModelProposer(Proposer):
    """Drafts by a model: independent replies to one prompt, the code read out of each.

    Args:
        model: the model behind its API.
        prompt: how to ask: "paper", "fenced", or a function of the training samples that returns
            a `Prompt` or a text. Default: the model's own way, else "paper".
        anonymise: rename columns, symbols and labels in the prompt, and map programs back.
        max_prompt_samples: show at most this many samples.
        attempts: how often a call is tried before its draws count as failed.
    """

    def __init__(
        self,
        model: Model,
        *,
        prompt: str | PromptFunction | None = None,
        anonymise: bool = False,
        max_prompt_samples: int | None = None,
        attempts: int = 6,
    ) -> None:
        if attempts < 1:
            raise ArgumentError(f"`attempts` must be at least 1, got {attempts!r}.")
        self.model = model
        self.name = model.name
        self._way = prompt
        self._anonymise = anonymise
        self._max_samples = max_prompt_samples
        self._attempts = attempts
        self._terms: Terms | None = None

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The model's own. The prompt is kept beside them, whole."""
        return {**self.model.parameters, "anonymise": self._anonymise}

    def prompt(self, train: Samples) -> str:
        """The prompt for these samples."""
        return str(self._asked(train)[0])

    def under(self, terms: Terms) -> ModelProposer:
        """The same proposer, spending through `terms.meter`, without the draws already paid.

        Raises:
            ArgumentError: if a budget in dollars cannot be held, as no price is known.
        """
        if terms.meter.budget.usd is not None and not self.model.priced:
            raise ArgumentError(
                f"no price is known for {self.name!r}, so a budget of {terms.meter.budget.usd:g} "
                "dollars cannot be held. Give the model a `price`, or limit tokens or calls."
            )
        rest = copy.copy(self)
        rest._terms = terms
        return rest

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """Up to `k` proposals as their replies come, one call first so that its prompt is cached.

        Raises:
            ProposerError: if the server will answer no call, or none was answered.
        """
        meter = self._terms.meter if self._terms else Meter(Budget())
        paid = self._terms.paid if self._terms else {}
        prompt, restore = self._asked(train)
        requests = list(self._requests(prompt, k, seed, paid))
        caller = Caller(self.model, Limiter(self.model.concurrency), meter, self._attempts)
        answered, last = bool(paid), "none was made"
        try:
            async for request, outcome in _outcomes(caller, requests):
                answered = answered or not isinstance(outcome, Fault)
                last = str(outcome)
                for proposal in _proposals(request, outcome, restore):
                    yield proposal
        finally:
            await self.model.aclose()
        if not answered and meter.spent_out is None:
            raise ProposerError(f"the model {self.name!r} never answered. The last call: {last}")

    def _requests(
        self, prompt: Prompt, k: int, seed: int, paid: Mapping[int, Proposal]
    ) -> Iterator[Request]:
        """Calls for the draws that are left, each for neighbours, as a server steps their seeds."""
        draws: list[int] = []
        for draw in range(k):
            if draw not in paid:
                draws.append(draw)
            if draws and (len(draws) == self.model.replies_per_call or draw in paid):
                yield Request(prompt, tuple(draws), seed)
                draws = []
        if draws:
            yield Request(prompt, tuple(draws), seed)

    def _asked(self, train: Samples) -> tuple[Prompt, Callable[[str], str]]:
        """The prompt, and how to turn a reply's program into one for these samples."""
        if not self._anonymise:
            return self._rendered(train), str
        hidden = Anonymised.of(train)
        return self._rendered(hidden.train), hidden.restore

    def _rendered(self, train: Samples) -> Prompt:
        modules = self._terms.sandbox.modules if self._terms else MODULES
        if callable(self._way):
            return asked(self._way, subset(train, self._max_samples))
        if self._way is None and (own := self.model.prompt(train, modules)) is not None:
            return own
        template = self._way or "paper"
        return render(train, modules=modules, template=template, max_samples=self._max_samples)


async def _outcomes(caller: Caller, requests: Sequence[Request]) -> AsyncIterator[Outcome]:
    """What became of each request, as they end; the others start once the first has begun."""
    cached = asyncio.Event()
    tasks = [
        asyncio.ensure_future(_outcome(caller, request, cached, first=index == 0))
        for index, request in enumerate(requests)
    ]
    try:
        for task in asyncio.as_completed(tasks):
            outcome = await task
            if outcome is not None:
                yield outcome
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _outcome(
    caller: Caller, request: Request, cached: asyncio.Event, *, first: bool
) -> Outcome | None:
    """The replies, or why there is none; None if the budget cannot bear the call."""
    if not first:
        await cached.wait()
    try:
        return request, await caller.replies(request, cached.set)
    except OutOfBudgetError:
        return None
    except Fault as fault:
        if fault.kind == "fatal":
            raise ProposerError(str(fault)) from fault
        return request, fault
    finally:
        cached.set()


def _proposals(
    request: Request, outcome: Sequence[Reply] | Fault, restore: Callable[[str], str]
) -> Iterator[Proposal]:
    if isinstance(outcome, Fault):
        costs = [outcome.usage, *[Usage()] * len(request.draws[1:])]
        failure = Failed("provider", str(outcome))
        for draw, usage in zip(request.draws, costs, strict=True):
            yield Proposal(draw, failure=failure, usage=usage)
        return
    for draw, reply in zip(request.draws, outcome, strict=True):
        code = extract.read(reply)
        found = {"failure": code} if isinstance(code, Failed) else {"source": restore(code)}
        yield Proposal(draw, reply=reply.text, usage=reply.usage, **found)
