"""Threads for cells: waited for where all goes well, cancelled where it does not."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from llmerm.experiments.threads import Threads
from llmerm.loops import blocking


def test_a_block_that_ends_well_waits_for_its_calls():
    """As any pool does."""
    with Threads(2) as threads:
        future = threads.submit(blocking, asyncio.sleep(0.1, "done"))
    assert future.done()
    assert future.result() == "done"


def test_a_block_that_ends_in_an_error_cancels_what_waits():
    """What runs is cancelled, what has not begun does not begin."""
    begun = threading.Event()

    async def long():
        begun.set()
        await asyncio.sleep(3600)

    futures = []

    def interrupted():
        with Threads(1) as threads:
            futures.append(threads.submit(lambda: blocking(long())))
            futures.append(threads.submit(pow, 2, 5))
            assert begun.wait(30)
            raise KeyboardInterrupt

    since = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    running, queued = futures
    assert time.monotonic() - since < 60
    assert isinstance(running.exception(), asyncio.CancelledError)
    assert queued.cancelled()
