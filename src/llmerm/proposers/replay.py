"""A proposer that plays a ledger again: no key, no network, nothing spent."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from llmerm.errors import LedgerError
from llmerm.ledger import ADAPTIVE, Ledger, Run
from llmerm.proposers.base import Proposer
from llmerm.samples import Samples
from llmerm.typing import Proposal, Usage, Value


class ReplayProposer(Proposer):
    """Proposes what a ledger holds for the same training samples and seed.

    Args:
        path: the ledger.
        proposer: whose draws to play, where several proposers wrote; the last one by default.
    """

    name = "replay"

    def __init__(self, path: str | os.PathLike[str], *, proposer: str | None = None) -> None:
        self.path = os.fspath(path)
        self.proposer = proposer

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The ledger's path and whose draws are played."""
        return {"path": self.path, "proposer": self.proposer}

    @property
    def adaptive(self) -> bool:
        """Whether a proposer was that may be played: its draws have seen held-out scores."""
        with Ledger(self.path, create=False) as ledger:
            return any(run.parameters.get(ADAPTIVE) is True for run in self._runs(ledger))

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """The recorded draws below `k`, in order, at no cost.

        Raises:
            LedgerError: if the ledger has no draws for these samples and this seed.
        """
        with Ledger(self.path, create=False) as ledger:
            run = self._run(ledger, train, seed)
            for draw, proposal in sorted(ledger.draws(run).items()):
                if draw < k:
                    yield replace(proposal, usage=Usage())

    def _run(self, ledger: Ledger, train: Samples, seed: int) -> Run:
        runs = self._runs(ledger)
        for run in reversed(runs):
            if run.train == train.fingerprint and run.seed == seed:
                return run
        held = ", ".join(sorted({f"{run.proposer} (seed {run.seed})" for run in runs})) or "nothing"
        raise LedgerError(
            f"{self.path} has no draws for these training samples with seed {seed}; it holds "
            f"{held}. Pass the samples, `held_out` and `seed` of the recorded run."
        )

    def _runs(self, ledger: Ledger) -> list[Run]:
        return [run for run in ledger.runs() if self.proposer in (None, run.proposer)]
