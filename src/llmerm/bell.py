"""A bell that wakes whatever listens, in whatever threads and event loops it waits."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future


class Bell:
    """Wakes all that listen, the first one first; they then look whether their turn has come.

    No ring is missed by one that looks and begins to listen under the lock under which what it
    waits for is changed.

    >>> bell = Bell()
    >>> bell.ring()  # nobody listens
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listening: list[Future[None]] = []

    def listen(self) -> asyncio.Future[None]:
        """What is done at the next ring; it can be cancelled. Needs a running event loop."""
        turn: Future[None] = Future()
        with self._lock:
            self._listening.append(turn)
        return asyncio.wrap_future(turn)

    def ring(self) -> None:
        """Wakes all that listen now."""
        with self._lock:
            listening, self._listening = self._listening, []
        for turn in listening:
            if turn.set_running_or_notify_cancel():
                turn.set_result(None)
