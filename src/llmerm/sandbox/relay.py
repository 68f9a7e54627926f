"""What the zygote does while a child runs: passes its bytes on, and watches the time.

The zygote gets this file's source with its first message, as it can import nothing of the library.
"""

from __future__ import annotations

import os
import select
import time

TYPE_CHECKING = False  # importing `typing` for its names alone would slow the start
if TYPE_CHECKING:
    from llmerm.sandbox.zygote import Parent

MAX_REPLY = 64 << 20  # bytes of one candidate's reply
CALLS_PER_ALLOWANCE = 1_000  # `cpu_seconds` is allowed for each started block of this many calls
WALL_FACTOR, WALL_SECONDS = 4, 1  # wall time allowed: the factor times CPU time, and the seconds

ENDED, OUT_OF_CPU, OUT_OF_WALL, OUT_OF_ROOM, STOPPED = range(5)


def wall_seconds(cpu_seconds: float, calls: int) -> float:
    """The longest that a candidate may take: to load its module, and for its calls."""
    return sum(WALL_FACTOR * cpu + WALL_SECONDS for cpu in allowances(cpu_seconds, calls))


def allowances(cpu_seconds: float, calls: int) -> tuple[float, float]:
    """CPU seconds for loading, and for the calls."""
    return cpu_seconds, cpu_seconds * max(1, -(-calls // CALLS_PER_ALLOWANCE))


class Relay:
    """Passes a child's bytes on: "ready" and each line of answers at once, the last with the end.

    Args:
        parent: where they go.
        reading: where they come from.
        buffer: to hold them.
        lines: how many there are of a child that does as it should.
    """

    def __init__(self, parent: Parent, reading: int, buffer: bytearray, lines: int) -> None:
        self._parent, self._reading, self._buffer = parent, reading, buffer
        self._expected = lines
        self._lines = self._filled = self._total = 0

    @property
    def held(self) -> memoryview:
        """What is not passed on yet."""
        return memoryview(self._buffer)[: self._filled]

    @property
    def touched(self) -> int:
        """How many bytes of the buffer were written to, at most."""
        return min(self._total, len(self._buffer))

    def run(self, allowance: Allowance, cpu_of_calls: float) -> int:
        """Goes on until the child ends, or its time is up; tells which."""
        while (how := allowance.spent()) == ENDED:
            sources = [self._reading, self._parent.fd]
            ready = select.select(sources, [], [], allowance.pause())[0]
            if self._parent.fd in ready:  # it wants a stop, or is gone: then the read ends this
                self._parent.stop()
                return STOPPED
            if not ready:
                continue
            before = self._lines
            if not self._take():
                return OUT_OF_ROOM if self._total > MAX_REPLY else ENDED
            if before < 2 <= self._lines:  # "ready" and "loaded" are through: now the calls
                allowance = Allowance(allowance.pid, cpu_of_calls)
        return how

    def _take(self) -> bool:
        """Whether there was something to take, and room for it."""
        start = self._filled
        size = os.readv(self._reading, [memoryview(self._buffer)[start:]])
        self._total += size
        if not size or self._total > MAX_REPLY:
            return False
        self._filled += size
        self._lines += self._buffer.count(b"\n", start, self._filled)
        loaded_or_done = self._lines == 2 or self._lines >= self._expected
        if not loaded_or_done or self._filled == len(self._buffer):
            self._parent.pass_on(self.held)
            self._filled = 0
        return True


class Allowance:
    """The CPU time of one phase of a child and, as a backstop for sleepers, the wall time."""

    def __init__(self, pid: int, cpu_seconds: float) -> None:
        self.pid = pid
        self.clock = (~pid << 3) | 2  # how the kernel numbers a process's CPU clock
        self.cpu = self._used() + cpu_seconds
        self.wall = time.monotonic() + WALL_FACTOR * cpu_seconds + WALL_SECONDS

    def _used(self) -> float:
        try:
            return time.clock_gettime(self.clock)
        except OSError:  # not on Linux: the limit on the process itself stands alone
            return 0.0

    def spent(self) -> int:
        """Which of the two is spent, or `ENDED` while neither is."""
        if self._used() >= self.cpu:
            return OUT_OF_CPU
        return OUT_OF_WALL if time.monotonic() >= self.wall else ENDED

    def pause(self) -> float:
        """How long to wait before it makes sense to look again, in seconds."""
        # One thread cannot use CPU time faster than the wall clock runs.
        return max(min(self.cpu - self._used(), self.wall - time.monotonic()), 0.001)
