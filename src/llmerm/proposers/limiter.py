"""How many calls of one run may be in flight: fewer after an overload, more again after replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from llmerm.proposers.model import Model
from llmerm.proposers.width import Width, shared_width


class Limiter:
    """The calls of one run: at most so many, and no more than fit beside those of other runs.

    Args:
        most: calls of this run at a time when all goes well.
        width: what it shares with other runs; one of its own by default.
    """

    def __init__(self, most: int, width: Width | None = None) -> None:
        self.width = width or Width(most)
        self._own = asyncio.Semaphore(most)  # so that no run fills the queue of all

    @classmethod
    def of(cls, model: Model) -> Self:
        """A limiter that shares its width with all runs that ask the same."""
        return cls(model.concurrency, shared_width(model.identity, model.concurrency))

    @property
    def allowed(self) -> float:
        """Calls at a time right now, over all runs that share the width."""
        return self.width.allowed

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Waits until one more call may start, and holds its place."""
        async with self._own:
            await self.width.enter()
            try:
                yield
            finally:
                self.width.leave()

    async def pause(self) -> None:
        """Waits as long as the server has asked any of the runs to."""
        await self.width.pause()

    def eased(self) -> None:
        """Notes a reply."""
        self.width.eased()

    def strained(self, wait: float) -> None:
        """Notes an overload: half as many calls, and none before `wait` seconds are over."""
        self.width.strained(wait)
