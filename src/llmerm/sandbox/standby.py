"""One program on many inputs: in pieces, on workers that stay ready for the next program."""

from __future__ import annotations

import atexit
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain

from llmerm.sandbox.inputs import Inputs, pack, refused
from llmerm.sandbox.pool import PooledSession
from llmerm.sandbox.worker import Request
from llmerm.typing import Failed, Prediction, Ran, Value

WORKERS = min(4, os.cpu_count() or 1)
"""Workers that stay, some 25 MB each."""
KEPT = 2
"""Pools that stay, of different sandboxes or kinds of inputs."""
_LEAST, _MOST = 2_000, 25_000  # inputs in a piece: below that a process costs more than it saves
_ROOM = 8 << 20  # bytes in a piece, some; a program's memory holds it

_lock = threading.Lock()
_idle: OrderedDict[tuple[int, Hashable], PooledSession] = OrderedDict()  # by process: not a fork's


@contextmanager
def ready(key: Hashable, start: Callable[[], PooledSession]) -> Iterator[PooledSession]:
    """A pool that holds no inputs, for the caller alone; it then stays, idle, for the next one.

    Args:
        key: what the pool must be like.
        start: makes one, where none is idle.
    """
    mine = (os.getpid(), key)
    with _lock:
        pool = _idle.pop(mine, None)
    pool = pool or start()
    try:
        yield pool
    except BaseException:
        pool.close()
        raise
    for surplus in _kept(mine, pool):
        surplus.close()


def _kept(mine: tuple[int, Hashable], pool: PooledSession) -> list[PooledSession]:
    """Keeps the pool; what there is no more room for."""
    with _lock:
        before = _idle.pop(mine, None)
        _idle[mine] = pool
        others = [key for key in _idle if key[0] == mine[0]]
        surplus = [_idle.pop(key) for key in others[:-KEPT]]
    return surplus if before is None else [before, *surplus]


@atexit.register
def close() -> None:
    """Ends every idle pool of this process; the next program starts a new one."""
    with _lock:
        pools = [_idle.pop(key) for key in list(_idle) if key[0] == os.getpid()]
    for pool in pools:
        pool.close()


def run(pool: PooledSession, source: str, inputs: Sequence[Value]) -> Ran | Failed:
    """What the program gives on all inputs, or why there is nothing; as `Session.run`.

    Each piece has a process of its own, and the limits of a run on so many inputs. A piece is
    packed while the program runs on those before it.
    """
    if failed := refused(source):
        return failed
    pieces = _pieces(inputs)
    first = next(pieces)
    if len(first) == len(inputs):
        return pool.ask(Request(source, None, len(first), first))
    requests = (Request(source, None, len(piece), piece) for piece in chain([first], pieces))
    threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="llmerm-predict")
    try:
        return _joined(threads.map(pool.ask, requests))
    except BaseException:
        pool.close()  # an interrupt: what still runs ends at once
        raise
    finally:
        threads.shutdown(cancel_futures=True)


def _joined(outcomes: Iterator[Ran | Failed]) -> Ran | Failed:
    predictions: list[Prediction] = []
    seconds = 0.0
    for outcome in outcomes:
        if isinstance(outcome, Failed):
            return outcome
        predictions += outcome.predictions
        seconds += outcome.cpu_seconds
    return Ran(predictions, seconds)


def _pieces(inputs: Sequence[Value]) -> Iterator[Inputs]:
    """The inputs in pieces of one size, or of less where they are long; one, if they are few."""
    count = len(inputs)
    size = max(1, min(_MOST, max(_LEAST, -(-count // (2 * WORKERS)))))
    for start in range(0, count or 1, size):
        piece = pack(inputs[start : start + size], first=start)
        fit = max(1, len(piece) * _ROOM // max(1, piece.nbytes))
        yield from (piece.part(i, i + fit) for i in range(0, len(piece) or 1, fit))
