"""The proposer behind every model: asks for k independent drafts, reads the code out of each."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Literal, NamedTuple, final

from llmerm.errors import ArgumentError, ProposerError
from llmerm.proposers import extract
from llmerm.proposers.anonymise import Anonymised
from llmerm.proposers.base import Proposer, Terms
from llmerm.proposers.batch import Batches, each
from llmerm.proposers.batching import BatchRun
from llmerm.proposers.calling import Caller, refuse_unpriced
from llmerm.proposers.collection import collection
from llmerm.proposers.drafts import proposals
from llmerm.proposers.feedback import feedback
from llmerm.proposers.limiter import Limiter
from llmerm.proposers.live import Outcome, live
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.proposers.neighbours import neighbours
from llmerm.proposers.prompt import PromptFunction, asked, fitting, render, subset
from llmerm.samples import Samples
from llmerm.typing import Proposal, Usage, Value
from llmerm.values import is_whole


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
        mode: "live", or "batch" for the provider's batch endpoint: half the price, within a day. A
            batch goes on if the fit is interrupted; with a ledger, the next one finds its replies.
        rounds: beyond the paper, whose draws are all independent: from the second round on the
            model is also shown where the best draft so far fails on *training* samples. Held-out
            samples stay unseen, so the certificate for the best of k holds as before.
    """

    def __init__(
        self,
        model: Model,
        *,
        prompt: str | PromptFunction | None = None,
        anonymise: bool = False,
        max_prompt_samples: int | None = None,
        attempts: int = 6,
        mode: Literal["live", "batch"] = "live",
        rounds: int = 1,
    ) -> None:
        if mode not in ("live", "batch"):
            raise ArgumentError(f"`mode` must be 'live' or 'batch', got {mode!r:.40}.")
        if mode == "batch" and model.batches is None:
            raise ArgumentError(f"{model.name!r} has no batch endpoint. Use mode='live'.")
        for name, value in (("attempts", attempts), ("rounds", rounds)):
            if not is_whole(value, 1):
                raise ArgumentError(f"`{name}` must be an integer of at least 1, got {value!r}.")
        self.model = model
        self.name = model.name
        self._way = prompt
        self._anonymise = anonymise
        self._max_samples = max_prompt_samples
        self._attempts = attempts
        self._mode = mode
        self._rounds = rounds
        self._terms = Terms()

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The model's own. The prompt is kept beside them, whole."""
        own = {"anonymise": self._anonymise, "mode": self._mode, "rounds": self._rounds}
        return {**self.model.parameters, **own}

    def prompt(self, train: Samples) -> str:
        """The prompt for these samples."""
        return str(self._asked(train).prompt)

    def forecast(self, train: Samples, k: int) -> Usage:
        """The most that `k` draws can cost: an upper bound, nothing cached, nothing retried."""
        prompt = self._asked(train).prompt
        calls, rest = divmod(k, self.model.replies_per_call)
        costs = [self.model.cost(prompt, self.model.replies_per_call)] * calls
        return sum(costs + [self.model.cost(prompt, rest)] * (rest > 0), Usage())

    def under(self, terms: Terms) -> ModelProposer:
        """The same proposer, spending through `terms.meter`, without the draws already paid.

        Raises:
            ArgumentError: if a budget in dollars cannot be held, as no price is known.
        """
        refuse_unpriced(self.model, terms.meter.budget)
        rest = copy.copy(self)
        rest._terms = terms
        return rest

    def asking(
        self, *, anonymise: bool = False, max_prompt_samples: int | None = None, rounds: int = 1
    ) -> ModelProposer:
        """The same model, asked in another way."""
        return ModelProposer(
            self.model,
            prompt=self._way,
            anonymise=anonymise,
            max_prompt_samples=max_prompt_samples,
            attempts=self._attempts,
            mode=self._mode,
            rounds=rounds,
        )

    @property
    def priced(self) -> bool:
        """Whether the model's price is known."""
        return self.model.priced

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """Up to `k` proposals as their replies come, one call first so that its prompt is cached.

        Raises:
            ProposerError: if the server will answer no call, or none was answered.
        """
        terms, question = self._terms, self._asked(train)
        replies = {draw: old.reply for draw, old in terms.paid.items()}
        last = "none was made"
        try:
            for draws in _parts(range(k), self._rounds):
                earlier = [reply for draw, reply in sorted(replies.items()) if draw < draws.start]
                prompt = await self._informed(question, earlier)
                requests = list(self._requests(prompt, draws, seed))
                async with aclosing(self._outcomes(requests)) as outcomes:
                    async for request, outcome in outcomes:
                        last = str(outcome)
                        read = partial(proposals, request, outcome, question.restore)
                        for proposal in await asyncio.to_thread(read):
                            if not isinstance(outcome, Fault):
                                replies[proposal.draw] = proposal.reply
                            yield proposal
        except Fault as fault:
            raise ProposerError(_told(fault, train)) from fault
        finally:
            await self.model.aclose()
        if not replies and terms.meter.spent_out is None:
            raise ProposerError(f"the model {self.name!r} never answered. The last call: {last}")

    @property
    def sends_one_batch(self) -> bool:
        """Whether all draws can go into one batch: in rounds later prompts depend on replies."""
        return self._mode == "batch" and self._rounds == 1

    def to_batch(self, train: Samples, k: int, seed: int) -> list[Request]:
        """A request for each draw that is left to `propose` with its first batch."""
        requests = self._requests(self._asked(train).prompt, range(k), seed)
        return [one for _, one in each(list(requests))]

    def _outcomes(self, requests: Sequence[Request]) -> AsyncGenerator[Outcome, None]:
        """What became of each request, as they end."""
        terms, batches = self._terms, self.model.batches
        if self._mode == "batch" and batches is not None:
            known = (terms.meter, terms.notes, terms.note, terms.number)
            run = BatchRun(batches, *known, wait=self._collected, paid=terms.paid)
            return run.outcomes(requests)
        limiter = Limiter.of(self.model)
        caller = Caller(self.model, limiter, terms.meter, self._attempts, terms.number)
        return live(caller, requests)

    async def _collected(self, batches: Batches, batch: str) -> Mapping[int, Reply | Fault]:
        return await collection(self.model.identity, batch).wait(batches, batch)

    async def _informed(self, question: _Question, replies: Sequence[str]) -> Prompt:
        """The prompt, with what is wrong with the drafts so far if there are rounds."""
        if self._rounds == 1 or not replies:
            return question.prompt
        if self._terms.sandbox is None:
            raise ProposerError("rounds need a sandbox: use this proposer through `llmerm.fit`.")
        codes = map(extract.read, map(Reply, replies))
        sources = [code for code in codes if isinstance(code, str)]
        told = await asyncio.to_thread(feedback, question.train, sources, self._terms.sandbox)
        return replace(question.prompt, last=question.prompt.last + told)

    def _requests(self, prompt: Prompt, draws: Iterable[int], seed: int) -> Iterator[Request]:
        """Calls for the draws that are left."""
        left = [draw for draw in draws if draw not in self._terms.paid]
        for together in neighbours(left, self.model.replies_per_call):
            yield Request(prompt, together, seed)

    def _asked(self, train: Samples) -> _Question:
        if not self._anonymise:
            return _Question(self._rendered(train), train, str)
        hidden = Anonymised.of(train)
        return _Question(self._rendered(hidden.train), hidden.train, hidden.restore)

    def _rendered(self, train: Samples) -> Prompt:
        modules = self._terms.modules
        if callable(self._way):
            return asked(self._way, subset(train, self._max_samples))
        if self._way is None and (own := self.model.prompt(train, modules)) is not None:
            return own
        template = self._way or "paper"
        return render(train, modules=modules, template=template, max_samples=self._max_samples)


class _Question(NamedTuple):
    """A prompt, the samples as it shows them, and how a program comes back from them."""

    prompt: Prompt
    train: Samples
    restore: Callable[[str], str]


def _parts(draws: range, count: int) -> list[range]:
    """The draws in `count` parts of about the same size, in order; no part is empty."""
    cuts = [len(draws) * part // count for part in range(count + 1)]
    return [draws[start:end] for start, end in pairwise(cuts) if start < end]


def _told(fault: Fault, train: Samples) -> str:
    """What went wrong; where the prompt was too long, how many samples would fit."""
    if fault.prompt_tokens is None or fault.limit_tokens is None:
        return str(fault)
    fit = fitting(train, fault.limit_tokens, fault.prompt_tokens)
    return f"{fault} About {fit} of the {len(train)} samples fit."
