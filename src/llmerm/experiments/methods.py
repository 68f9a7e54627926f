"""What is measured: a proposer under `fit`, or a baseline that is trained, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from llmerm import baselines
from llmerm.baselines import Baseline
from llmerm.errors import UnknownNameError
from llmerm.experiments.counters import Counter
from llmerm.proposers import registry
from llmerm.proposers.base import Proposer
from llmerm.typing import Value

Kind: TypeAlias = Literal["proposer", "baseline", "counter"]
Subject: TypeAlias = "str | Proposer | Baseline | Counter"
"""What a method stands for: a name that workers resolve again, or the object itself."""


@dataclass(frozen=True)
class Method:
    """A way to learn from samples.

    Attributes:
        label: how tables and figures call it.
        kind: whether programs are proposed and verified, a model is trained, or examples counted.
        parameters: all that decides what it does, beside the samples and the seed.
        subject: what stands behind it.

    >>> Method.of("enumerate").kind
    'proposer'
    """

    label: str
    kind: Kind
    parameters: Mapping[str, Value]
    subject: Subject = field(compare=False, repr=False)

    @classmethod
    def of(cls, subject: Subject | Method, label: str | None = None) -> Method:
        """The method that a name or an object stands for; a proposer's name comes first.

        Args:
            subject: a proposer's name as in `fit` ("enumerate", "openai:MODEL"), a baseline's
                name ("mlp", "in_context:openai:MODEL"), or an object, which must be picklable to
                run on an executor.
            label: what to call it; None for its name.

        Raises:
            UnknownNameError: with the nearest names of both kinds.
        """
        if isinstance(subject, Method):
            return subject
        made = _made(subject)
        kind: Kind = "proposer"
        if not isinstance(made, Proposer):
            kind = "counter" if isinstance(made, Counter) else "baseline"
        name = subject if isinstance(subject, str) else made.name
        return cls(label or name, kind, dict(made.parameters), subject)

    def make(self) -> Proposer | Baseline | Counter:
        """What it stands for."""
        return _made(self.subject)


def _made(subject: Subject) -> Proposer | Baseline | Counter:
    if isinstance(subject, (Baseline, Counter)):
        return subject
    if not isinstance(subject, str):
        return registry.resolve(subject).proposer
    name, _, argument = subject.partition(":")
    proposers = (*registry.names(), "auto")
    if name in proposers:
        return registry.resolve(subject).proposer
    if name == "in_context" and argument:
        return baselines.get(name, model=argument)
    if subject in baselines.names():
        return baselines.get(subject)
    raise UnknownNameError("method", subject, {*proposers, *baselines.names()})
