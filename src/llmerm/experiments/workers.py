"""Processes of this machine to measure cells on."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from llmerm.errors import ArgumentError


@contextmanager
def processes(count: int) -> Iterator[Executor | None]:
    """An executor of `count` processes that end with the block; None for one, which needs none.

    Raises:
        ArgumentError: if `count` is less than 1.

    >>> with processes(1) as executor:
    ...     executor is None
    True
    """
    if count < 1:
        raise ArgumentError(f"`workers` must be at least 1, got {count}.")
    if count == 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy threads that hold locks
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_end_silently)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _end_silently() -> None:
    """Ctrl-C reaches each process of a terminal: a worker ends without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
