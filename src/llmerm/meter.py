"""What a run has spent and may still spend, calls in flight included."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Self

from llmerm.purse import Purse, Share
from llmerm.typing import Budget, Proposal, Usage


@dataclass
class Meter:
    """What was spent, against a budget; `spent_out` says which limit was reached.

    A draw is counted when its proposal is `add`ed. A proposer that pays reserves the most a draw
    can cost before it calls, and settles what it did cost, so that calls in flight count too.

    Attributes:
        budget: the hard stop.
        usage: the cost of the draws that were added.
        spent_out: the limit that was reached, in words, or None.
        purse: what other runs spend from, too. It counts this one from the meter's first draw until
            the meter's block ends: `with meter: ...`.
    """

    budget: Budget
    usage: Usage = field(default_factory=Usage)
    spent_out: str | None = None
    purse: Purse = field(default_factory=Purse)
    _pending: dict[int, Usage] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)
    _added: Usage = field(default_factory=Usage)
    _since: float = field(default_factory=time.monotonic)
    _run: int = field(init=False)

    def __post_init__(self) -> None:
        self._run = self.purse.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.purse.leave(self._run)

    def add(self, proposal: Proposal) -> None:
        """Counts one draw's cost, in place of what was reserved for it."""
        with self.purse.lock:
            self._pending.pop(proposal.draw, None)
            self._open.discard(proposal.draw)
            self.usage += proposal.usage
            self._added += proposal.usage
            self._tell()

    async def reserve(self, costs: dict[int, Usage]) -> bool:
        """Sets aside the most that draws can cost; False if the budget cannot bear it.

        While other calls are in flight it waits for them: they may turn out cheaper.
        """
        while True:
            with self.purse.lock:
                limit = self.claim(costs)
                if limit is None:
                    return True
                if self._open <= costs.keys() and not self.purse.is_open_beside(self._run):
                    self.spent_out = self.spent_out or limit
                    return False
                turn = self.purse.bell.listen()
            await turn

    def claim(self, costs: dict[int, Usage]) -> str | None:
        """Sets aside the most that draws can cost, without waiting for calls in flight.

        Returns:
            None, or in words the limit for which nothing was set aside.
        """
        with self.purse.lock:
            if (limit := self._short_of(costs)) is None:
                self.hold(costs)
            return limit

    def hold(self, costs: dict[int, Usage]) -> None:
        """Counts the most that draws can cost which are under way already, whatever is left."""
        with self.purse.lock:
            self._pending |= costs
            self._open |= costs.keys()
            self._tell()

    def take_up(self, run: str, costs: dict[int, Usage]) -> None:
        """Counts what draws of a ledger's run have cost, which the run goes on with."""
        with self.purse.lock:
            self.purse.take_up(run)
            self.settle(costs)

    def settle(self, costs: dict[int, Usage]) -> None:
        """Puts what draws did cost, as far as it is known, in place of what was reserved."""
        with self.purse.lock:
            self._pending |= costs
            self._open -= costs.keys()
            self._tell()

    def total(self) -> Usage:
        """All that was spent or is reserved, with the wall seconds since the start."""
        spent = sum(self._pending.values(), self.usage)
        return replace(spent, seconds=time.monotonic() - self._since)

    def seconds_left(self) -> float | None:
        """Wall seconds that the budget still allows, or None for no limit."""
        if self.budget.seconds is None:
            return None
        return max(0.0, self.budget.seconds - (time.monotonic() - self._since))

    def reached(self) -> bool:
        """Whether the draws that were added, and the seconds, have reached a limit.

        It is not yet while draws that were settled are to be added: they are paid for already.
        """
        limit = self.budget.spent(replace(self.usage, seconds=self.total().seconds))
        limit = limit or self.purse.spent()
        self.spent_out = self.spent_out or limit
        return limit is not None and self._pending.keys() <= self._open

    def _short_of(self, costs: dict[int, Usage]) -> str | None:
        others = [cost for draw, cost in self._pending.items() if draw not in costs]
        more = sum(others + list(costs.values()), Usage())
        spent = replace(self.usage + more, seconds=self.total().seconds)
        return self.budget.exceeded(spent) or self.purse.exceeded(self._run, self._added + more)

    def _tell(self) -> None:
        """Puts into the purse what has changed; under its lock, or an older share may come last."""
        held = sum(self._pending.values(), self._added)
        self.purse.put(self._run, Share(self._added, held, bool(self._open)))


def spent(usage: Usage) -> str:
    """A cost in words.

    >>> spent(Usage(calls=1, tokens_in=900, tokens_out=20, usd=0.003))
    '1 call, 900 tokens in (0 from the cache), 20 out (0 to reason), $0.0030'
    """
    usd = f", ${usage.usd:.4f}" if usage.usd else ""
    return (
        f"{usage.calls} call{'s' * (usage.calls != 1)}, {usage.tokens_in:,} tokens in "
        f"({usage.tokens_cached:,} from the cache), {usage.tokens_out:,} out "
        f"({usage.tokens_reasoning:,} to reason){usd}"
    )
