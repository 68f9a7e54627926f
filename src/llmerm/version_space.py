"""The programs that fit the samples as well as the chosen one, by what they say of other inputs."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from llmerm.candidate import Candidate, priced
from llmerm.errors import ArgumentError, DataError
from llmerm.program import Program
from llmerm.sandbox.base import Sandbox, Session
from llmerm.selector import ranked
from llmerm.typing import Failed, Prediction, Ran, SampleError, Value
from llmerm.values import key

_SHOWN = 4
"""So many groups are printed."""


@dataclass(frozen=True)
class Group:
    """Candidates that predict the same on every input.

    Attributes:
        candidates: in the selector's order.
        predictions: what they say of each input; a `SampleError` where they give no value.
        share: of the candidates that could be run, how many are in this group.
    """

    candidates: tuple[Candidate, ...]
    predictions: tuple[Prediction, ...]
    share: float

    @property
    def program(self) -> Program:
        """The shortest program of the group, by `Program.bits`."""
        return min(_programs(self.candidates), key=lambda program: program.bits)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """The predictions as texts that are equal for equal values, such as 1, 1.0 and True."""
        return tuple(map(_answer, self.predictions))

    def __repr__(self) -> str:
        return f"Group({self._told})"

    @property
    def _told(self) -> str:
        count = len(self.candidates)
        draws = f"{count} candidate{'s' * (count > 1)} ({self.share:.0%})"
        program = textwrap.indent(self.program.pretty(), "    ")
        return f"{draws}{', the shortest' * (count > 1)}:\n{program}"


@dataclass(frozen=True)
class VersionSpace:
    """The candidates that fit as well as the chosen one. Print it for a summary.

    Each candidate counts once: a program that a model drew five times counts five times.

    Attributes:
        inputs: the unlabelled inputs.
        groups: candidates that predict the same on all of them, in the selector's order: the
            leading group is the chosen one's, if that could be run on them.
        failed: candidates that could not be run on them, each with the reason.
    """

    inputs: tuple[Value, ...]
    groups: tuple[Group, ...]
    failed: tuple[Candidate, ...]

    @cached_property
    def agreement(self) -> tuple[float, ...]:
        """For each input, the share of candidates that predict what the leading group does."""
        return tuple(
            sum(group.share for group in self.groups if group.answers[i] == said)
            for i, said in enumerate(self.groups[0].answers if self.groups else ())
        )

    @cached_property
    def disputed(self) -> tuple[int, ...]:
        """The indices of the inputs on which not all candidates agree."""
        return tuple(
            i for i, said in enumerate(zip(*(g.answers for g in self.groups), strict=True))
            if len({*said}) > 1
        )  # fmt: skip

    @cached_property
    def question_index(self) -> int | None:
        """The index of `question` among the inputs, or None if all candidates agree.

        Its label leaves the least share of candidates, if each label is as likely as the share
        that predicts it: the sum of these shares squared is least there. Among equals, one that
        parts the two leading groups comes first, then the first of the inputs.
        """
        return min(self.disputed, key=self._left_over, default=None)

    @property
    def question(self) -> Value:
        """The input to label next, or None if all candidates agree."""
        return None if self.question_index is None else self.inputs[self.question_index]

    def _left_over(self, i: int) -> tuple[float, bool, int]:
        shares: dict[str, float] = defaultdict(float)
        for group in self.groups:
            shares[group.answers[i]] += group.share
        left = sum(share**2 for share in shares.values())
        first, second = self.groups[:2]
        return round(left, 9), first.answers[i] == second.answers[i], i

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        count = sum(len(group.candidates) for group in self.groups)
        candidates = f"{count} candidate{'s fit' if count != 1 else ' fits'} as well as any"
        if not count:
            yield "no candidate could be run on these inputs"
        elif count == 1:
            yield f"{candidates}. To compare more: a larger k, with held_out=0 or batch_size=k."
        elif self.disputed:
            many = f"{len(self.disputed):,} of {len(self.inputs):,} inputs"
            yield f"{candidates}, and they disagree on {many}:"
        else:
            yield f"{candidates}, and they agree on all {len(self.inputs):,} inputs:"
        for number, group in enumerate(self.groups[:_SHOWN], 1):
            yield f"{number}. {group._told}"
        if len(self.groups) > _SHOWN:
            yield f"and {len(self.groups) - _SHOWN} more groups"
        yield from self._closing()

    def _closing(self) -> Iterator[str]:
        if self.failed:
            reasons = Counter(candidate.reason.split(":")[0] for candidate in self.failed)
            told = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
            yield f"not run on these inputs: {told}"
        if (i := self.question_index) is not None:
            said = (
                f"group {number} says {_short(group.predictions[i])}"
                for number, group in enumerate(self.groups[:_SHOWN], 1)
            )
            yield f"Label this one next: {_short(self.inputs[i])} ({', '.join(said)})"


def version_space(
    candidates: Sequence[Candidate],
    best: Candidate,
    inputs: tuple[Value, ...],
    *,
    sandbox: Sandbox,
    slack: float = 0.0,
) -> VersionSpace:
    """The candidates that fit about as well as the best, grouped by what they predict.

    Args:
        candidates: all that were drawn.
        best: the chosen one among them.
        inputs: unlabelled inputs, at least one.
        sandbox: where the programs run, each normal form once.
        slack: how far the held-out and the train error may be above those of the best.

    Raises:
        ArgumentError: if `slack` is below 0.
        DataError: if there are no inputs.
    """
    if not 0 <= slack < float("inf"):
        raise ArgumentError(f"`slack` must be a number of at least 0, got {slack!r}, of the error.")
    if not inputs:
        raise DataError("`inputs` is empty, expected at least 1 input to compare candidates on.")
    fitting = [candidates[i] for i in ranked(priced(candidates))]
    fitting = [one for one in fitting if _fits(one, best, slack)]
    with sandbox.session(inputs) as session:
        outcomes = _outcomes(fitting, session)
    failed = tuple(
        replace(one, verdict=outcome)
        for one, outcome in zip(fitting, outcomes, strict=True)
        if isinstance(outcome, Failed)
    )
    return VersionSpace(inputs, _grouped(fitting, outcomes), failed)


def _fits(candidate: Candidate, best: Candidate, slack: float) -> bool:
    pairs = (
        (candidate.held_out_error, best.held_out_error),
        (candidate.train_error, best.train_error),
    )
    return all((error or 0.0) <= (least or 0.0) + slack for error, least in pairs)


def _outcomes(candidates: Sequence[Candidate], session: Session) -> list[Ran | Failed]:
    """What each candidate's program gives; programs of one normal form run once."""
    known: dict[str, Ran | Failed] = {}
    for program in _programs(candidates):
        if program.normal_form not in known:
            known[program.normal_form] = session.run(program.source)
    return [known[program.normal_form] for program in _programs(candidates)]


def _programs(candidates: Sequence[Candidate]) -> list[Program]:
    return [one.program for one in candidates if one.program is not None]


def _grouped(
    candidates: Sequence[Candidate], outcomes: Sequence[Ran | Failed]
) -> tuple[Group, ...]:
    members: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    said: dict[tuple[str, ...], tuple[Prediction, ...]] = {}
    for candidate, outcome in zip(candidates, outcomes, strict=True):
        if isinstance(outcome, Ran):
            answers = tuple(map(_answer, outcome.predictions))
            members[answers].append(candidate)
            said.setdefault(answers, tuple(outcome.predictions))
    count = sum(map(len, members.values()))
    return tuple(
        Group(tuple(alike), said[answers], len(alike) / count) for answers, alike in members.items()
    )


def _answer(prediction: Prediction) -> str:
    return f"! {prediction.kind}" if isinstance(prediction, SampleError) else key(prediction)


def _short(value: Prediction) -> str:
    """A value as it is printed: on one line, escaped, not too long."""
    text = f"no value ({value.kind})" if isinstance(value, SampleError) else ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
