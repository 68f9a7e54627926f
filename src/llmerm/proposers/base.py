"""The interface of a proposer: whatever drafts candidate programs from training samples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from llmerm.meter import Meter
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox
from llmerm.sandbox.modules import MODULES
from llmerm.typing import Budget, Proposal, Usage, Value


@dataclass(frozen=True)
class Terms:
    """What a run tells its proposer before the first draw.

    Attributes:
        sandbox: where programs will run, None outside of a run; `modules` is what they may import.
        meter: what may be spent, for proposers that pay.
        paid: the draws that lie in the ledger already by number, and need not be made again.
        notes: what the proposer noted in an earlier, interrupted run.
        note: keeps a note (name, text), on disk where there is a ledger.
        number: the number under which the meter knows a draw; another in a mixture.
    """

    sandbox: Sandbox | None = None
    meter: Meter = field(default_factory=lambda: Meter(Budget()))
    paid: Mapping[int, Proposal] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    note: Callable[[str, str], None] = field(default=lambda name, text: None)
    number: Callable[[int], int] = field(default=lambda draw: draw)

    @property
    def modules(self) -> tuple[str, ...]:
        """What programs may import."""
        return self.sandbox.modules if self.sandbox else MODULES


class Proposer(ABC):
    """Drafts candidate programs. Subclass it and write `propose` to bring your own.

    The law: draws are independent of each other and of every score. A proposer sees the training
    samples and nothing else; it never learns how an earlier candidate did. One that does says so by
    `adaptive = True`, and gets no certificate.
    """

    name: str = "proposer"

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides what is drawn, beside the samples and the seed; kept as provenance."""
        return {}

    @property
    def priced(self) -> bool:
        """Whether its cost in dollars is known, so that a budget can be held. Free counts."""
        return True

    @property
    def adaptive(self) -> bool:
        """Whether its draws depend on held-out labels or scores, of this fit or an earlier one.

        If they do, say so: it breaks the law above, and no certificate is given on those samples.
        One that wraps others is adaptive if any of them is.
        """
        return False

    @abstractmethod
    def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """At most `k` proposals, as they come; `Proposal.draw` numbers them from 0.

        Write it as an `async def` with `yield`. The same train, seed and draw number stand for the
        same draw. Proposals may arrive in any order of their numbers. Closing the iterator must
        end all work in flight.
        """

    def prompt(self, train: Samples) -> str | None:
        """What a model will be asked, for the ledger; None for proposers that ask none."""
        return None

    def forecast(self, train: Samples, k: int) -> Usage:
        """The most that `k` draws can cost, without retries; nothing by default."""
        return Usage()

    def under(self, terms: Terms) -> Proposer:
        """The proposer to ask in this run.

        One that costs nothing can ignore it: the driver drops the draws that it already has. One
        that pays returns a copy that leaves out `terms.paid` and spends through `terms.meter`.
        """
        return self
