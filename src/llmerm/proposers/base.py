"""The interface of a proposer: whatever drafts candidate programs from training samples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping

from llmerm.samples import Samples
from llmerm.typing import Proposal, Value


class Proposer(ABC):
    """Drafts candidate programs. Subclass it and write `propose` to bring your own.

    The law: draws are independent of each other and of every score. A proposer sees the training
    samples and nothing else; it never learns how an earlier candidate did.
    """

    name: str = "proposer"

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides what is drawn, beside the samples and the seed; kept as provenance."""
        return {}

    @abstractmethod
    def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """At most `k` proposals, as they come; `Proposal.draw` numbers them from 0.

        Write it as an `async def` with `yield`. The same train, seed and draw number stand for the
        same draw. Proposals may arrive in any order of their numbers. Closing the iterator must
        end all work in flight.
        """

    def resumed(self, paid: frozenset[int]) -> Proposer:
        """The proposer to ask when the draws in `paid` already lie in a ledger.

        A proposer that costs nothing can ignore it: the driver drops what it already has. One
        that pays for its draws returns a copy that leaves these out.
        """
        return self
