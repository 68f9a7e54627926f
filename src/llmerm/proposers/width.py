"""How many calls to one endpoint may be in flight, over all fits of this process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Hashable
from weakref import WeakValueDictionary

from llmerm.bell import Bell


class Width:
    """Additive increase, multiplicative decrease, for calls from any threads and event loops.

    Args:
        most: calls at a time when all goes well; also where it starts.

    Attributes:
        allowed: calls at a time right now.

    >>> width = Width(8)
    >>> width.strained(0.0)
    >>> width.allowed
    4.0
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.allowed = float(most)
        self._in_flight = 0
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._bell = Bell()

    async def enter(self) -> None:
        """Waits until one more call may start, and takes its place; `leave` gives it back."""
        while (turn := self._entered()) is not None:
            await turn

    def leave(self) -> None:
        """Gives a place back."""
        with self._lock:
            self._in_flight -= 1
        self._bell.ring()

    async def pause(self) -> None:
        """Waits as long as the server has asked any of the callers to."""
        while (wait := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    def eased(self) -> None:
        """Notes a reply: about one more call at a time after each round of them."""
        with self._lock:
            self.allowed = min(self.most, self.allowed + 1 / self.allowed)

    def strained(self, wait: float) -> None:
        """Notes an overload: half as many calls, and none before `wait` seconds are over."""
        with self._lock:
            self.allowed = max(1.0, self.allowed / 2)
            self._not_before = max(self._not_before, time.monotonic() + wait)

    def widen(self, most: int) -> None:
        """Notes a caller that may have more calls at a time; strained it stays as strained."""
        with self._lock:
            if most > self.most:
                self.allowed *= most / self.most
                self.most = most
        self._bell.ring()

    def _entered(self) -> asyncio.Future[None] | None:
        """None if a place was free, which is taken then; else what to wait for."""
        with self._lock:
            if self._in_flight >= int(self.allowed):
                return self._bell.listen()
            self._in_flight += 1
            return None


_known: WeakValueDictionary[Hashable, Width] = WeakValueDictionary()
"""A width is known for as long as some run holds it: the next one begins afresh."""
_knowing = threading.Lock()


def shared_width(identity: Hashable, most: int) -> Width:
    """The one width of all that ask what `identity` stands for, at least `most` wide if at ease.

    >>> width = shared_width("doctest", 4)
    >>> shared_width("doctest", 8) is width, width.most
    (True, 8)
    """
    with _knowing:
        width = _known.setdefault(identity, Width(most))
    width.widen(most)
    return width
