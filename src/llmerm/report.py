"""What a ledger holds, run by run: the draws with their verdicts, the cost, what was chosen."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from pydantic import TypeAdapter

from llmerm.errors import LedgerError
from llmerm.ledger import Ledger, Run
from llmerm.typing import Failed, Proposal, Scored, Usage, Value, Verdict
from llmerm.uses import Use

NOT_JUDGED = "not judged"
"""What is said of a draw that was kept, where the fit stopped before its verdict."""


@dataclass(frozen=True)
class Draw:
    """One draw as it was kept, and its last verdict; None where the fit stopped before."""

    proposal: Proposal
    verdict: Verdict | None

    @property
    def outcome(self) -> str:
        """In one word: scored, not judged, or why it failed."""
        if isinstance(self.verdict, Failed):
            return self.verdict.reason
        return NOT_JUDGED if self.verdict is None else "scored"


@dataclass(frozen=True)
class RunReport:
    """What a ledger holds of one run.

    Attributes:
        run: what identifies it.
        draws: in the order of their numbers.
        selections: what was chosen, by the fingerprint of the held-out set.
        uses: its places among all that choose by the same samples.
    """

    run: Run
    draws: tuple[Draw, ...]
    selections: dict[str, dict[str, Value]]
    uses: tuple[Use, ...] = ()

    @cached_property
    def usage(self) -> Usage:
        """What the draws have cost together."""
        return sum((draw.proposal.usage for draw in self.draws), Usage())

    @cached_property
    def outcomes(self) -> Counter[str]:
        """How many draws were scored, failed for each reason, or were not judged."""
        return Counter(draw.outcome for draw in self.draws)

    @property
    def prompt_hash(self) -> str | None:
        """SHA-256 of the prompt in hex, as in a result's provenance."""
        prompt = self.run.prompt
        return None if prompt is None else sha256(prompt.encode()).hexdigest()

    def source(self, draw: object) -> str | None:
        """The program of a draw by its number, if it gave one."""
        found = [one.proposal.source for one in self.draws if one.proposal.draw == draw]
        return found[0] if found and found[0] else None


def report(path: str | os.PathLike[str]) -> list[RunReport]:
    """What a ledger holds of each run, the oldest first. Nothing is run or asked.

    Raises:
        LedgerError: if there is no ledger at `path`, or it cannot be read.

    >>> import tempfile, llmerm
    >>> path = f"{tempfile.mkdtemp()}/run.sqlite"
    >>> proposer = llmerm.ScriptedProposer(["def f(x", "def f(x): return x % 2"])
    >>> _ = llmerm.fit([(i, i % 2) for i in range(80)], 2, proposer=proposer, ledger=path)
    >>> [sorted(one.outcomes) for one in report(path)]
    [['scored', 'syntax_error']]
    """
    with Ledger(path, create=False) as ledger:
        return [_of(ledger, run) for run in ledger.runs()]


def _of(ledger: Ledger, run: Run) -> RunReport:
    verdicts = ledger.verdicts(run)
    draws = tuple(
        Draw(proposal, _verdict(verdicts.get(number), ledger.path))
        for number, proposal in sorted(ledger.draws(run).items())
    )
    selections = ledger.selections(run)
    chosen = {held: json.loads(text) for held, text in selections.items()}
    return RunReport(run, draws, chosen, tuple(ledger.uses(run)))


def _verdict(text: str | None, path: str) -> Verdict | None:
    """The verdict that a ledger keeps as JSON."""
    if text is None:
        return None
    try:
        content = json.loads(text)
        kind = Scored if content.pop("verdict") == "scored" else Failed
        verdict: Verdict = TypeAdapter[Verdict](kind).validate_python(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"{path} holds a verdict that cannot be read: {error}") from error
    return verdict
