"""When to stop: a deadline on the clock, or a flag that another thread raises."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Halt(Exception):
    """The search was told to stop."""


class Clock:
    """Time left for a search; `stop` ends it early from any thread.

    Args:
        seconds: the wall time to spend, from now on.
        now: the clock to read, in seconds.
    """

    def __init__(self, seconds: float, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() + seconds
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the time now."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """True once `stop` was called."""
        return self._stopped.is_set()

    @property
    def over(self) -> bool:
        """True once the time is up or the search was stopped."""
        return self._stopped.is_set() or self._now() >= self._end

    def check(self) -> None:
        """Raise `Halt` if the time is over."""
        if self.over:
            raise Halt
