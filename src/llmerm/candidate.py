"""One draw of a proposer, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from llmerm.program import Program
from llmerm.typing import Failed, Proposal, Scored, Usage, Verdict
from llmerm.views.card import card
from llmerm.views.code import code


@dataclass(frozen=True)
class Candidate:
    """One draw and what became of it.

    Attributes:
        proposal: the draw itself, with its cost.
        program: the program in it, or None if there is none.
        verdict: its scores, or the reason why it has none.
        duplicate_of: the number of an earlier draw that is the same program, or that gave the
            same predictions on every input, else None.
    """

    proposal: Proposal
    program: Program | None
    verdict: Verdict
    duplicate_of: int | None = None

    @property
    def draw(self) -> int:
        """The number of the draw, from 0."""
        return self.proposal.draw

    @property
    def source(self) -> str:
        """The program's source; empty if the draw held none."""
        return self.proposal.source

    @property
    def status(self) -> Literal["scored", "failed"]:
        """Whether it has scores."""
        return "scored" if isinstance(self.verdict, Scored) else "failed"

    @property
    def reason(self) -> str:
        """Why it has no score, in words; empty if it has one."""
        return "" if isinstance(self.verdict, Scored) else str(self.verdict)

    @property
    def remark(self) -> str:
        """Why it has no score, or which earlier draw it is the same as; empty else."""
        if self.duplicate_of is not None:
            return f"the same as draw {self.duplicate_of}"
        return self.reason

    @property
    def bits(self) -> float | None:
        """The program's description length, or None if there is no program."""
        return None if self.program is None else self.program.bits

    @property
    def train_error(self) -> float | None:
        """The empirical risk on the train part, or None."""
        return self.verdict.train_error if isinstance(self.verdict, Scored) else None

    @property
    def held_out_error(self) -> float | None:
        """The empirical risk on the held-out part, or None."""
        return self.verdict.held_out_error if isinstance(self.verdict, Scored) else None

    @property
    def cost(self) -> Usage:
        """What the draw cost."""
        return self.proposal.usage

    def _repr_html_(self) -> str:
        told = self.reason or self._errors
        return card(told, code(self.source) if self.source else "", badge=f"draw {self.draw}")

    def __repr__(self) -> str:
        if isinstance(self.verdict, Failed):
            return f"Candidate(draw {self.draw}, {self.reason})"
        return f"Candidate(draw {self.draw}, {self._errors}, {self.verdict.bits:.0f} bits)"

    @property
    def _errors(self) -> str:
        return f"train error {share(self.train_error)}, held-out {share(self.held_out_error)}"


def priced(candidates: Sequence[Candidate]) -> list[Verdict]:
    """The verdicts; where every program has bits under the proposer's prior, these count."""
    verdicts = [candidate.verdict for candidate in candidates]
    priors = [candidate.proposal.prior_bits for candidate in candidates]
    if None in priors:
        return verdicts
    return [
        replace(verdict, bits=bits) if isinstance(verdict, Scored) and bits is not None else verdict
        for verdict, bits in zip(verdicts, priors, strict=True)
    ]


def share(error: float | None) -> str:
    """An error as it is printed.

    >>> share(0.05), share(None)
    ('0.05', 'none')
    """
    return "none" if error is None else f"{error:.4g}"
