"""A session over a pool of workers: one is started at once, the others when they are needed."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Sequence

from llmerm.errors import ArgumentError, SandboxError
from llmerm.sandbox.base import Session, Watch
from llmerm.sandbox.inputs import refused
from llmerm.sandbox.worker import Request, Worker, WorkerLost
from llmerm.typing import Failed, Ran

_TRIES = 3


class PooledSession(Session):
    """Candidates run on the first worker that is free; a worker that died is replaced.

    Args:
        start: starts a worker.
        inputs: how many inputs the workers hold.
        workers: how many there may be at most.
    """

    def __init__(self, start: Callable[[], Worker], *, inputs: int, workers: int) -> None:
        self._start = start
        self._inputs = inputs
        self._slots = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._closed = False
        self._finalizer = weakref.finalize(self, _end, self._workers)
        self._idle.append(self._started())

    def run(
        self, source: str, *, subset: Sequence[int] | None = None, watch: Watch | None = None
    ) -> Ran | Failed:
        """One prediction or `SampleError` per input, or the reason why there is none."""
        if failed := refused(source):
            return failed
        indices = None if subset is None else chosen(subset, self._inputs)
        calls = self._inputs if indices is None else len(indices)
        return self.ask(Request(source, indices, calls), watch)

    def ask(self, request: Request, watch: Watch | None = None) -> Ran | Failed:
        """What the first free worker has to say to a request."""
        with self._slots:
            for _ in range(_TRIES):
                worker = self._taken()
                try:
                    return worker.run(request, watch)
                except WorkerLost:
                    continue
                finally:
                    self._give_back(worker)
        raise SandboxError(
            f"{_TRIES} sandbox processes ended before they took a request. Something on this host "
            "ends them: look for a memory killer or a process limit."
        )

    def _started(self) -> Worker:
        worker = self._start()
        with self._lock:
            self._workers.add(worker)
        return worker

    def _taken(self) -> Worker:
        with self._lock:
            if self._closed:
                raise SandboxError("this session is closed. Open a new one for more candidates.")
            idle = self._idle.pop() if self._idle else None
        return idle or self._started()

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if worker.ready and not self._closed:
                self._idle.append(worker)
                return
            self._workers.discard(worker)
        worker.close()

    def close(self) -> None:
        """Ends every process at once; a `run` in another thread ends with a reason."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in self._workers:
                worker.kill()
            self._workers.difference_update(idle)
        _end(idle)


def chosen(subset: Sequence[int] | None, inputs: int) -> list[int] | range:
    """The indices that `subset` names, of so many inputs; a range stays one.

    Raises:
        ArgumentError: if one of them is none.
    """
    if subset is None:
        return range(inputs)
    indices = subset if isinstance(subset, range) else [int(index) for index in subset]
    ends = (*indices[:1], *indices[-1:]) if isinstance(indices, range) else indices
    if wrong := [index for index in ends if not 0 <= index < inputs]:
        raise ArgumentError(
            f"`subset` holds the index {wrong[0]}. "
            f"Expected indices from 0 to {inputs - 1}, the inputs of this session."
        )
    return indices


def _end(workers: Iterable[Worker]) -> None:
    for worker in workers:
        worker.close()
