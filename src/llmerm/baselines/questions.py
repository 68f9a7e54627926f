"""What in-context learning asks: the training samples, then one input, as a stream of replies."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from importlib.resources import files
from string import Template
from typing import final

from llmerm.errors import ProposerError
from llmerm.proposers.base import Proposer, Terms
from llmerm.proposers.calling import Caller
from llmerm.proposers.limiter import Limiter
from llmerm.proposers.literals import described, labels_described, lines
from llmerm.proposers.live import live
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.samples import Samples
from llmerm.typing import Failed, Proposal, Value
from llmerm.values import canonical
from llmerm.views.text import printable

_RULE = "---\n"
"""Stands in the template between the system's part and the user's."""


@final
class Questions(Proposer):
    """The replies for some inputs as a stream, one draw each, so that a ledger can keep them.

    Args:
        model: the model behind its API.
        inputs: what it is asked about; draw i is the reply for input i.
        attempts: how often a call is tried.
    """

    def __init__(self, model: Model, inputs: tuple[Value, ...], attempts: int) -> None:
        self.name = f"in_context:{model.name}"
        self._model = model
        self._inputs = inputs
        self._attempts = attempts
        self._terms = Terms()

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The model's own, and a digest of the inputs."""
        text = json.dumps(canonical(list(self._inputs)), sort_keys=True)
        return {**self._model.parameters, "inputs": hashlib.sha256(text.encode()).hexdigest()}

    def under(self, terms: Terms) -> Questions:
        """The same questions, spending through `terms.meter`, without those already answered."""
        rest = copy.copy(self)
        rest._terms = terms
        return rest

    def prompt(self, train: Samples) -> str:
        """What all questions have in common."""
        return str(question(train))

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """The replies as they come.

        Raises:
            ProposerError: if the server will answer no call.
        """
        terms, common = self._terms, question(train)
        requests = [
            Request(replace(common, last=_line(self._inputs[draw])), (draw,), seed)
            for draw in range(k)
            if draw not in terms.paid
        ]
        caller = Caller(
            self._model, Limiter.of(self._model), terms.meter, self._attempts, terms.number
        )
        try:
            async with aclosing(live(caller, requests)) as outcomes:
                async for request, outcome in outcomes:
                    yield _proposal(request.draws[0], outcome)
        except Fault as fault:
            raise ProposerError(str(fault)) from fault
        finally:
            await self._model.aclose()


def question(train: Samples) -> Prompt:
    """What all inputs are asked with; the input itself goes into `last`.

    >>> print(question(Samples.of([("01", 1), ("11", 0)])).system)
    You label inputs by the rule behind labelled examples.
    """
    text = (files("llmerm.baselines") / "in_context.txt").read_text(encoding="utf-8")
    system, _, body = text.partition(_RULE)
    known = printable(train.description or "").strip()
    shared = Template(body).substitute(
        count="for one input" if len(train) == 1 else f"for {len(train)} inputs",
        inputs=described(train.inputs),
        labels=labels_described(train.outputs),
        samples="\n".join(lines(train)),
        description=f"\nWhat is known of the rule: {known}\n" if known else "",
    )
    return Prompt(system.strip(), shared, asks_program=False)


def _line(x: Value) -> str:
    """The input as the samples show theirs, with the label left out."""
    (line,) = lines(Samples.of([(x, None)]))
    return line.removesuffix("None").rstrip()


def _proposal(draw: int, outcome: Sequence[Reply] | Fault) -> Proposal:
    if isinstance(outcome, Fault):
        return Proposal(draw, failure=Failed("provider", str(outcome)), usage=outcome.usage)
    (reply,) = outcome
    stopped = {"length": Failed("truncated"), "refusal": Failed("refused"), "end": None}
    return Proposal(draw, failure=stopped[reply.stop], reply=reply.text, usage=reply.usage)
