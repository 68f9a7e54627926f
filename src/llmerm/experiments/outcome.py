"""What came of one cell: accuracies, the program, the draws, the cost, or why there is none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from pydantic import TypeAdapter

from llmerm.errors import LedgerError
from llmerm.experiments.cell import Cell
from llmerm.typing import Usage

Status: TypeAlias = Literal["verified", "best_effort", "abstained", "trained", "counted", "failed"]

FRESH = "fresh"
"""The name of the test on fresh samples like those that were learned from."""


@dataclass(frozen=True)
class Checked:
    """One test of what was learned.

    Attributes:
        name: "fresh", "length", or the name of a probe.
        n: the length of the test's inputs.
        accuracy: the share of right answers; None if there could be no test.
        samples: how many test samples.
        why: why there was no test, in words.
    """

    name: str
    n: int
    accuracy: float | None
    samples: int = 0
    why: str = ""


@dataclass(frozen=True)
class Drawn:
    """One candidate program.

    Attributes:
        draw: its number, from 0.
        source: the program; empty if the draw held none.
        reason: why it has no score, in words; empty if it has one.
        train_error: on the train part, and `held_out_error` on the held-out part; None if none.
        bits: under the proposer's prior, else its description length; None if there is no program.
        accuracy: on fresh samples, where the experiment asks for it of every candidate.
    """

    draw: int
    source: str
    reason: str
    train_error: float | None
    held_out_error: float | None
    bits: float | None
    accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a cell.

    Attributes:
        status: verified, best_effort or abstained for programs, trained for baselines, counted for
            counters of examples, or failed.
        failure: why it failed, in words; never a score.
        tests: the fresh samples first, then other lengths and probes.
        train_accuracy: on what it learned from, and `held_out_accuracy` on what chose the program.
        source: the program.
        bits: under the proposer's prior, else its description length.
        bound: the certificate: the population error is at most this.
        candidates: every draw.
        selected: after 1, 2, ... draws, the number of the draw that selection would return.
        examples: how many examples were needed, for counters.
        usage: what was spent.
        seconds: wall time, tests included.
        unfinished: a budget ended it, so that it is measured again when the sweep is resumed.
    """

    status: Status
    failure: str = ""
    tests: tuple[Checked, ...] = ()
    train_accuracy: float | None = None
    held_out_accuracy: float | None = None
    source: str | None = None
    bits: float | None = None
    bound: float | None = None
    candidates: tuple[Drawn, ...] = ()
    selected: tuple[int | None, ...] = ()
    examples: int | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    unfinished: bool = False

    @cached_property
    def fresh(self) -> Checked | None:
        """The test on fresh samples, if there was one."""
        return next((test for test in self.tests if test.name == FRESH), None)

    @property
    def test_accuracy(self) -> float | None:
        """On fresh samples; None where there is no program or model."""
        return self.fresh.accuracy if self.fresh else None

    @property
    def finished(self) -> bool:
        """Whether it may be kept: what failed or ran out of budget is measured again."""
        return self.status != "failed" and not self.unfinished

    @property
    def json(self) -> str:
        """The outcome as text, for the ledger."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Outcome:
        """The outcome that `json` has written.

        Raises:
            LedgerError: if the text is none.

        >>> Outcome.read(Outcome(status="trained").json).status
        'trained'
        """
        try:
            return TypeAdapter(cls).validate_python(json.loads(text))
        except ValueError as error:
            raise LedgerError(f"a ledger holds an outcome that cannot be read: {error}") from error


class Finished(NamedTuple):
    """A cell and what came of it."""

    cell: Cell
    outcome: Outcome
