"""What is measured: a proposer under `fit`, or a baseline that is trained, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from llmerm import baselines
from llmerm.baselines import Baseline
from llmerm.errors import UnknownNameError
from llmerm.proposers import registry
from llmerm.proposers.base import Proposer
from llmerm.typing import Value

Subject: TypeAlias = "str | Proposer | Baseline"
"""What a method stands for: a name that workers resolve again, or the object itself."""


@dataclass(frozen=True)
class Method:
    """A way to learn from samples.

    Attributes:
        label: how tables and figures call it.
        kind: whether programs are proposed and verified, or a model is trained.
        parameters: all that decides what it does, beside the samples and the seed.
        subject: what stands behind it.

    >>> Method.of("enumerate").kind
    'proposer'
    """

    label: str
    kind: Literal["proposer", "baseline"]
    parameters: Mapping[str, Value]
    subject: Subject = field(compare=False, repr=False)

    @classmethod
    def of(cls, subject: Subject | Method, label: str | None = None) -> Method:
        """The method that a name or an object stands for; a proposer's name comes first.

        Args:
            subject: a proposer's name as in `fit` ("enumerate", "openai:MODEL"), a baseline's
                name, or either as an object, which must be picklable to run on an executor.
            label: what to call it; None for its name.

        Raises:
            UnknownNameError: with the nearest names of both kinds.
        """
        if isinstance(subject, Method):
            return subject
        made = _made(subject)
        kind: Literal["proposer", "baseline"] = (
            "baseline" if isinstance(made, Baseline) else "proposer"
        )
        name = subject if isinstance(subject, str) else made.name
        return cls(label or name, kind, dict(made.parameters), subject)

    def make(self) -> Proposer | Baseline:
        """The proposer or the baseline itself."""
        return _made(self.subject)


def _made(subject: Subject) -> Proposer | Baseline:
    if not isinstance(subject, str):
        return subject if isinstance(subject, Baseline) else registry.resolve(subject).proposer
    proposers = (*registry.names(), "auto")
    if subject.partition(":")[0] in proposers:
        return registry.resolve(subject).proposer
    if subject in baselines.names():
        return baselines.get(subject)
    raise UnknownNameError("method", subject, {*proposers, *baselines.names()})
