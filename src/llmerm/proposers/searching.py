"""A search in a worker thread, read as a stream of proposals."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import chain, islice

from llmerm.errors import ArgumentError
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.engine import Enumerator
from llmerm.typing import Proposal
from llmerm.values import is_whole

LEAST_BYTES = 1 << 20


def check_limits(seconds: float, max_bytes: int, max_samples: int | None) -> None:
    """Refuse limits under which no search can run.

    Raises:
        ArgumentError: naming the limit and what would do.
    """
    if not seconds > 0:
        raise ArgumentError(f"`seconds` must be more than 0, got {seconds}. Try seconds=6.0.")
    if max_bytes < LEAST_BYTES:
        raise ArgumentError(f"`max_bytes` must be at least {LEAST_BYTES} (1 MiB), got {max_bytes}.")
    if max_samples is None:
        return
    if not is_whole(max_samples, 1):
        raise ArgumentError(
            f"`max_samples` must be an integer of at least 1, got {max_samples!r}. None looks at "
            "all samples."
        )


async def proposals(
    search: Callable[[], Enumerator], k: int, clock: Clock
) -> AsyncGenerator[Proposal, None]:
    """At most `k` programs: those that fit in the order found, then the best effort.

    Args:
        search: makes the search; called in the worker thread.
        k: how many at most.
        clock: the search's own; it is stopped when this stream is closed.
    """
    async with contextlib.aclosing(_in_thread(_first(search, k, clock), clock)) as found:
        draw = 0
        async for candidate in found:
            yield Proposal(draw, candidate.source, prior_bits=candidate.bits)
            draw += 1


def _first(search: Callable[[], Enumerator], k: int, clock: Clock) -> Iterator[Candidate]:
    engine, count = search(), 0
    for candidate in engine.candidates():
        yield candidate
        count += 1
        if count == k:
            return
    if not clock.stopped:
        rest = chain(engine.best_effort(min(3, k - count)), engine.close_by())
        yield from islice(rest, k - count)


async def _in_thread(items: Iterator[Candidate], clock: Clock) -> AsyncGenerator[Candidate, None]:
    """The items as a worker thread finds them; closing this stops the clock and the thread."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Candidate | BaseException | None] = asyncio.Queue()

    def hand_over(item: Candidate | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody listens
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def work() -> None:
        try:
            for item in items:
                hand_over(item)
                if clock.stopped:
                    break
            hand_over(None)
        except BaseException as error:  # it is raised again where the items are read
            hand_over(error)

    worker = threading.Thread(target=work, name="llmerm-search", daemon=True)
    worker.start()
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        clock.stop()
        await asyncio.to_thread(worker.join, 1.0)
