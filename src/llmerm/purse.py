"""What several runs may spend together, wherever in this process they run."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from llmerm.bell import Bell
from llmerm.typing import Budget, Usage


@dataclass(frozen=True)
class Share:
    """What one run has of a purse.

    Attributes:
        added: what its draws have cost that are done with.
        held: that, and what its other draws have cost or may yet cost.
        is_open: whether calls are in flight, which may turn out cheaper.
    """

    added: Usage
    held: Usage
    is_open: bool


class Purse:
    """A budget that several runs share, in whatever threads and event loops they run.

    Each run's meter puts its share in; what it may reserve is what the shares of all leave. Without
    a budget it limits nothing.

    Args:
        budget: the hard stop for all of them together. Seconds are each run's own.
        spent: what was spent before.
        kept: what draws in a ledger have cost that are to be taken up again, by the keys of their
            runs. They count before they are.

    Attributes:
        lock: held while a meter looks what is left and takes it.
        bell: rings when a share has changed.

    >>> Purse(Budget(calls=3), Usage(calls=3)).spent()
    'calls=3'
    """

    def __init__(
        self,
        budget: Budget | None = None,
        spent: Usage | None = None,
        kept: Mapping[str, Usage] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.bell = Bell()
        self._budget = replace(budget or Budget(), seconds=None)
        self._before = spent or Usage()
        self._kept = dict(kept or {})
        self._kept_usage = sum(self._kept.values(), Usage())
        self._shares: dict[int, Share] = {}
        self._joined = 0

    def join(self) -> int:
        """The number of a new run."""
        with self.lock:
            self._joined += 1
            return self._joined

    def put(self, run: int, share: Share) -> None:
        """A run's share, in place of what it had."""
        with self.lock:
            self._shares[run] = share
        self.bell.ring()

    def leave(self, run: int) -> None:
        """Ends a run, whose share stays spent."""
        with self.lock:
            if (share := self._shares.pop(run, None)) is not None:
                self._before += share.held
        self.bell.ring()

    def take_up(self, run: str) -> None:
        """Forgets what is kept of a ledger's run: from now on a share counts it."""
        with self.lock:
            if self._kept.pop(run, None) is not None:
                self._kept_usage = sum(self._kept.values(), Usage())

    def pay(self, usage: Usage) -> None:
        """Notes what was spent elsewhere."""
        with self.lock:
            self._before += usage

    def added(self) -> Usage:
        """What all runs have spent, less what is in flight, and what is to be taken up."""
        with self.lock:
            return sum((share.added for share in self._shares.values()), self._before)

    def spent(self) -> str | None:
        """The limit that was reached, in words, or None."""
        return self._budget.spent(self.added())

    def exceeded(self, run: int, held: Usage) -> str | None:
        """The limit that would be exceeded if a run held so much, in words, or None."""
        with self.lock:
            others = (share.held for one, share in self._shares.items() if one != run)
            return self._budget.exceeded(sum(others, self._before + self._kept_usage + held))

    def is_open_beside(self, run: int) -> bool:
        """Whether another run has calls in flight."""
        with self.lock:
            return any(share.is_open for one, share in self._shares.items() if one != run)
