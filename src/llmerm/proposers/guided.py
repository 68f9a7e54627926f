"""A model's drafts steer the embedded search: the operators in them, right or wrong, come first."""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import final

from llmerm.errors import ArgumentError, ProposerError
from llmerm.proposers.base import Proposer, Terms
from llmerm.proposers.enumerator import Enumerate
from llmerm.proposers.registry import resolve
from llmerm.samples import Samples
from llmerm.search.grammar import Grammar
from llmerm.search.usage import operator_counts
from llmerm.typing import Failed, Proposal, Usage, Value
from llmerm.values import is_whole


@final
class Guided(Proposer):
    """Draws a few drafts from a model, then searches a grammar re-weighted by their operators.

    After HySynth (arXiv 2405.15880): a weak model's programs are mostly wrong, but made of the
    right parts. The first `drafts` of the k draws are the model's own and are verified as such;
    the others are the search's. No draw depends on a score, so the certificate for the best of k
    holds as for any proposer. The search's programs carry no `prior_bits`: a grammar that was
    re-weighted by a model that may have seen the training labels was not fixed before them.

    Args:
        model: the proposer of the drafts: a name such as "local", a `Model` or a `Proposer`.
        search: the search to steer. Default: `Enumerate()`. A `prior` of its own counts too.
        drafts: how many draws are the model's; k must be more.

    >>> import llmerm
    >>> model = llmerm.ScriptedProposer(["def f(x): return x + 5", "no Python"])
    >>> result = llmerm.fit([(i, i % 2) for i in range(80)], proposer=Guided(model, drafts=2))
    >>> result.predict([10, 11])
    [0, 1]
    """

    def __init__(self, model: object, search: Enumerate | None = None, *, drafts: int = 8) -> None:
        if not is_whole(drafts, 1):
            raise ArgumentError(f"`drafts` must be an integer of at least 1, got {drafts!r}.")
        self.model = resolve(model).proposer
        self.search = search or Enumerate()
        self.drafts = drafts
        self.name = f"{self.model.name}>{self.search.name}"
        self._terms = Terms()

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The number of drafts, and the parameters of the model and of the search."""
        return {
            "drafts": self.drafts,
            "model": {"name": self.model.name, "parameters": dict(self.model.parameters)},
            "search": dict(self.search.parameters),
        }

    @property
    def priced(self) -> bool:
        """Whether the model's cost is known; the search costs nothing."""
        return self.model.priced

    @property
    def adaptive(self) -> bool:
        """Whether the model's drafts are, which steer the search."""
        return self.model.adaptive

    def prompt(self, train: Samples) -> str | None:
        """What the model is asked."""
        return self.model.prompt(train)

    def forecast(self, train: Samples, k: int) -> Usage:
        """The most that the drafts can cost."""
        return self.model.forecast(train, min(k, self.drafts))

    def under(self, terms: Terms) -> Guided:
        """The same, with the model under the terms; drafts that were paid for steer as well."""
        paid = {draw: old for draw, old in terms.paid.items() if draw < self.drafts}
        rest = copy.copy(self)
        rest._terms = replace(terms, paid=paid)
        rest.model = self.model.under(rest._terms)
        return rest

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """The model's drafts as they come, then the programs of the search that they steer.

        Raises:
            ArgumentError: if k leaves no draw for the search.
            ProposerError: if the model made no draft.
        """
        if k <= self.drafts:
            raise ArgumentError(
                f"k={k} leaves the search no draw after {self.drafts} drafts. Raise k, or make "
                "the proposer with fewer `drafts`."
            )
        made = dict(self._terms.paid)
        async with aclosing(self._drafts(train, seed, made)) as drafts:
            async for draft in drafts:
                yield draft
        async with aclosing(self._found(train, k, seed, made)) as programs:
            async for program in programs:
                yield program

    async def _drafts(
        self, train: Samples, seed: int, made: dict[int, Proposal]
    ) -> AsyncGenerator[Proposal, None]:
        """The model's drafts, kept in `made`; the draws of a model that has no more are gaps."""
        stream = self.model.propose(train, self.drafts, seed)
        try:
            async for draft in stream:
                if draft.draw < self.drafts:
                    made[draft.draw] = draft
                    yield draft
        finally:
            with suppress(AttributeError):  # a user's iterator need not be a generator
                await stream.aclose()  # type: ignore[attr-defined]
        if not made and self._terms.meter.spent_out is None:
            raise ProposerError(
                f"the model {self.model.name!r} made no draft to steer the search by. To search "
                "without one use proposer='enumerate'."
            )
        for draw in set(range(self.drafts)) - made.keys():
            yield Proposal(draw, failure=Failed("exhausted"))

    async def _found(
        self, train: Samples, k: int, seed: int, made: Mapping[int, Proposal]
    ) -> AsyncGenerator[Proposal, None]:
        """The search's programs under their numbers, at most k with the drafts."""
        if not len(train):
            return
        grammar = self.search.grammar_for(train, seed)
        prior = self._prior(grammar, (draft.source for _, draft in sorted(made.items())))
        stream = replace(self.search, prior=prior).propose(train, k - self.drafts, seed)
        try:
            async for found in stream:
                yield replace(found, draw=self.drafts + found.draw, prior_bits=None)
        finally:
            await stream.aclose()  # type: ignore[attr-defined]  # it is a generator

    def _prior(self, grammar: Grammar, sources: Iterable[str]) -> Mapping[str, float]:
        """How often each operator of the search's grammar was drafted, with its own prior."""
        counts, own = operator_counts(grammar, sources), self.search.prior or {}
        return {name: counts[name] + own.get(name, 0.0) for name in {*counts, *own}}
