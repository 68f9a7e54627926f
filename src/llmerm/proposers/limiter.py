"""How many calls may be in flight: fewer after an overload, more again after replies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Limiter:
    """Additive increase, multiplicative decrease, shared by all calls to one model.

    Args:
        most: calls at a time when all goes well; also where it starts.

    Attributes:
        allowed: calls at a time right now.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.allowed = float(most)
        self._in_flight = 0
        self._not_before = 0.0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Waits until one more call may start, and holds its place."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._in_flight < int(self.allowed))
            self._in_flight += 1
        try:
            await self.pause()
            yield
        finally:
            self._in_flight -= 1
            async with self._changed:
                self._changed.notify_all()

    async def pause(self) -> None:
        """Waits as long as the server asked for."""
        while (wait := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    def eased(self) -> None:
        """Notes a reply: about one more call at a time after each round of them."""
        self.allowed = min(self.most, self.allowed + 1 / self.allowed)

    def strained(self, wait: float) -> None:
        """Notes an overload: half as many calls, and none before `wait` seconds are over."""
        self.allowed = max(1.0, self.allowed / 2)
        self._not_before = max(self._not_before, time.monotonic() + wait)
