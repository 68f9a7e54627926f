"""In-context learning: a model is shown the training samples and asked for each label."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import ClassVar, final

from llmerm.baselines.base import Baseline
from llmerm.baselines.label_reading import LabelReader
from llmerm.baselines.questions import Questions
from llmerm.drawing import closing, draws, run_of, within
from llmerm.errors import ArgumentError, DataError, ProposerError
from llmerm.ledger import Ledger
from llmerm.loops import blocking
from llmerm.meter import Meter
from llmerm.proposers.base import Terms
from llmerm.proposers.calling import refuse_unpriced
from llmerm.proposers.model import Model
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.prompt import subset
from llmerm.proposers.registry import resolve
from llmerm.purse import Purse
from llmerm.samples import Samples
from llmerm.typing import Budget, Prediction, Proposal, SampleError, Usage, Value


@final
@dataclass(frozen=True, kw_only=True)
class InContext(Baseline):
    """The label that a model replies when it is shown the training samples and one input.

    Each input is a call of its own, also those of the training samples when they are scored. All
    calls begin with the same prompt, which a provider can cache. A budget is a hard stop: a score
    is never made from a part of the labels.

    Attributes:
        model: a name, as "openai:MODEL", "anthropic:MODEL" or "local", or a `Model`.
        max_prompt_samples: show at most this many samples; None shows all.
        attempts: how often a call is tried.
        budget: what each predictor may spend in dollars, tokens, calls or seconds.
        ledger: a path; replies are kept there before they are used, and are not paid for again.
        purse: what other runs in this process spend from, too; None for none.

    >>> InContext(model="openai:gpt-5-mini").parameters["model"]
    'openai:gpt-5-mini'
    """

    name: ClassVar[str] = "in_context"
    model: str | Model
    max_prompt_samples: int | None = None
    attempts: int = 6
    budget: Budget = field(default_factory=Budget)
    ledger: str | os.PathLike[str] | None = None
    purse: Purse | None = None

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The model's name and own parameters, and how many samples it is shown."""
        model = _resolved(self.model)
        shown: dict[str, Value] = {"max_prompt_samples": self.max_prompt_samples}
        return {**model.parameters, **shown, "model": model.name}

    def fit(self, train: Samples, *, seed: int = 0) -> Asking:
        """A predictor that asks the model; nothing is asked yet.

        Args:
            train: the samples to show.
            seed: of the replies, for servers that take one.

        Raises:
            ArgumentError: if the model is unknown, or the budget cannot be held with it.
            DataError: if there are no samples.
        """
        if not train:
            raise DataError("there are no samples to show, expected at least 1 pair (x, y).")
        model = _resolved(self.model)
        refuse_unpriced(model, self.budget)
        shown = subset(train, self.max_prompt_samples)
        purse = self.purse or Purse()
        return Asking(model, shown, self.attempts, self.budget, self.ledger, seed, purse)


@final
@dataclass
class Asking:
    """A predictor that asks a model for each label.

    Attributes:
        train: the samples that it is shown.
        usage: what was spent so far.
    """

    model: Model
    train: Samples
    attempts: int
    budget: Budget
    ledger: str | os.PathLike[str] | None
    seed: int
    purse: Purse = field(default_factory=Purse)
    usage: Usage = field(default_factory=Usage)

    def predict(self, inputs: Sequence[Value]) -> list[Prediction]:
        """The label that the model gave each input; a `SampleError` where its reply has none.

        Raises:
            ProposerError: if an input got no reply, as the budget was spent or a call failed.
        """
        if not inputs:
            return []
        reader = LabelReader(self.train.outputs)
        return [_prediction(reply, reader) for reply in blocking(self._replies(tuple(inputs)))]

    async def _replies(self, inputs: tuple[Value, ...]) -> list[Proposal]:
        started, spent = time.monotonic(), self.usage
        questions = Questions(self.model, inputs, self.attempts)
        meter = Meter(self._left(), spent, purse=self.purse)
        run = run_of(questions, self.train, self.seed)
        found: dict[int, Proposal] = {}
        with Ledger(self.ledger) if self.ledger else nullcontext() as ledger, meter:
            replies = draws(
                questions, self.train, len(inputs), run, terms=Terms(meter=meter), ledger=ledger
            )
            try:
                async with closing(within(meter, replies)) as stream:
                    async for reply in stream:
                        found[reply.draw] = reply
            finally:
                seconds = spent.seconds + time.monotonic() - started
                self.usage = replace(meter.usage, seconds=seconds)
        _check_all(found, len(inputs), meter)
        return [found[index] for index in range(len(inputs))]

    def _left(self) -> Budget:
        """The budget with the seconds that are left of it; of the rest the meter knows."""
        if self.budget.seconds is None:
            return self.budget
        seconds = max(0.0, self.budget.seconds - self.usage.seconds)
        return replace(self.budget, seconds=seconds)


def _prediction(proposal: Proposal, reader: LabelReader) -> Prediction:
    if proposal.failure is not None:
        return SampleError(proposal.failure.reason, proposal.reply[:60])
    return reader.read(proposal.reply)


def _check_all(found: Mapping[int, Proposal], count: int, meter: Meter) -> None:
    """Nothing, if every input got a reply."""
    failed = [p.failure for p in found.values() if p.failure and p.failure.reason == "provider"]
    missing = count - len(found) + len(failed)
    if missing:
        limit = f"the budget {meter.spent_out} was reached" if meter.spent_out else ""
        why = limit or (failed[0].detail if failed else "the model gave no more replies")
        raise ProposerError(
            f"{missing} of {count} inputs got no label: {why}. With a ledger, the replies that "
            "came are kept: run it again to ask for the rest."
        )


def _resolved(model: str | Model) -> Model:
    if isinstance(model, Model):
        return model
    proposer = resolve(model).proposer
    if isinstance(proposer, ModelProposer):
        return proposer.model
    raise ArgumentError(
        f"`model` must be a Model or the name of one, such as 'openai:MODEL', got {model!r}."
    )
