"""Where programs run: sessions that stay open, on this machine or on an executor's workers."""

from __future__ import annotations

import atexit
import platform
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from typing import NamedTuple

from llmerm.errors import NoSandboxError
from llmerm.sandbox.base import CHUNK, Sandbox, Session, Watch
from llmerm.typing import Failed, Ran, Value

_LOOK_SECONDS = 0.1  # between two looks at whether a program still has to run


class Inputs(NamedTuple):
    """A data set's inputs, known by a digest: labels do not travel."""

    digest: str
    inputs: tuple[Value, ...]


class Sessions:
    """The last two sessions by their inputs' digest, closed when they fall out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[Sandbox, str, int], Session] = OrderedDict()

    def get(self, sandbox: Sandbox, data: Inputs, hash_seed: int, *, workers: int) -> Session:
        """The session over these inputs, opened if it is not open."""
        with self._lock:
            key = (sandbox, data.digest, hash_seed)
            if key not in self._open:
                self._open[key] = sandbox.session(data.inputs, workers=workers, hash_seed=hash_seed)
            self._open.move_to_end(key)
            if len(self._open) > 2:
                self._open.popitem(last=False)[1].close()
            return self._open[key]

    def close(self) -> None:
        """Ends every process of every session."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


class Work(NamedTuple):
    """A program and what it runs in, as it travels to a worker; `subset` as in `Session.run`."""

    sandbox: Sandbox
    data: Inputs
    hash_seed: int
    source: str
    subset: Sequence[int] | None = None


def run_elsewhere(executor: Executor, work: Work, *, watch: Watch | None = None) -> Ran | Failed:
    """What the program gives on one of the executor's workers, which has a sandbox of its own.

    A run there cannot be stopped. So with `watch`, the program first runs on the first inputs
    alone; then on all, unless `watch` says that it need not, after that or while it has to wait.

    Raises:
        NoSandboxError: if the worker's host has no sandbox.
    """
    if watch is None:
        return executor.submit(_run, work).result()
    few = range(min(CHUNK, len(work.data.inputs)))
    first = executor.submit(_run, work._replace(subset=few)).result()
    # Of the first inputs alone, a failure means little: limits grow with the number of calls.
    known = first.predictions if isinstance(first, Ran) else ()
    if known and not watch(known):
        return _ABANDONED
    whole = executor.submit(_run, work)
    while not _is_done(whole):
        if known and not watch(known) and whole.cancel():
            return _ABANDONED
    return whole.result()


_ABANDONED = Failed("abandoned", "its first answers were enough to see that it loses")


def _is_done(future: Future[Ran | Failed]) -> bool:
    return bool(wait([future], _LOOK_SECONDS).done)


_worker_sessions = Sessions()  # of an executor's workers, which outlive a single fit
atexit.register(_worker_sessions.close)


def _run(work: Work) -> Ran | Failed:
    try:
        session = _worker_sessions.get(work.sandbox, work.data, work.hash_seed, workers=1)
    except NoSandboxError as error:
        raise NoSandboxError(f"the executor's worker on {platform.node()}: {error}") from None
    return session.run(work.source, subset=work.subset)
