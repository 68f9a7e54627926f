"""Runs a program in the sandbox on the inputs, and scores it here, where the labels are."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import NamedTuple, Self

from llmerm.losses import ZERO_ONE, Loss
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox, Session
from llmerm.typing import Failed, Prediction, Ran, SampleError, Scored, Value, Verdict
from llmerm.values import canonical


class Verifier:
    """Gives a program its verdict on a train and a held-out part.

    Labels stay in this process: the sandbox gets inputs, and sends predictions back. It may be
    called from several threads. Close it, or use it as a context manager.

    Args:
        sandbox: where programs run.
        loss: how predictions are compared with labels.
        executor: where sandboxes are started: None for this machine, else any
            `concurrent.futures.Executor`, each of whose workers keeps a sandbox of its own.
        workers: programs at a time on this machine; default: as many as there are cores.

    >>> import llmerm
    >>> train, held_out = llmerm.Samples.of([(i, i % 2) for i in range(8)]).split()
    >>> with Verifier(llmerm.sandbox.default()) as verifier:
    ...     verifier.verify(Program("def f(x): return x % 2"), train, held_out).held_out_error
    0.0
    """

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        loss: Loss = ZERO_ONE,
        executor: Executor | None = None,
        workers: int | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.loss = loss
        self.workers = workers or os.cpu_count() or 1
        self._executor = executor
        self._sessions = _Sessions()
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="llmerm-verify")

    def verify(self, program: Program, train: Samples, held_out: Samples) -> Verdict:
        """The program's empirical risk on both parts, or the reason why it has none."""
        outcome = self._run(program.source, train, held_out)
        if isinstance(outcome, Failed):
            return outcome
        return _score(outcome, program, train, held_out, self.loss)

    def _run(self, source: str, train: Samples, held_out: Samples) -> Ran | Failed:
        data = _Inputs(train.fingerprint + held_out.fingerprint, train.inputs + held_out.inputs)
        if self._executor is None:
            return self._sessions.get(self.sandbox, data, workers=self.workers).run(source)
        return self._executor.submit(_run_in_worker, self.sandbox, data, source).result()

    @property
    def threads(self) -> ThreadPoolExecutor:
        """Threads to call `verify` from, as many as programs can run at a time."""
        return self._threads

    def close(self) -> None:
        """Ends every sandbox of this machine; closing twice is harmless."""
        self._sessions.close()
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Inputs(NamedTuple):
    """A data set's inputs, known by a digest: labels do not travel."""

    digest: str
    inputs: tuple[Value, ...]


class _Sessions:
    """The last two sessions by their inputs' digest, closed when they fall out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[Sandbox, str], Session] = OrderedDict()

    def get(self, sandbox: Sandbox, data: _Inputs, *, workers: int) -> Session:
        with self._lock:
            key = (sandbox, data.digest)
            if key not in self._open:
                self._open[key] = sandbox.session(data.inputs, workers=workers)
            self._open.move_to_end(key)
            if len(self._open) > 2:
                self._open.popitem(last=False)[1].close()
            return self._open[key]

    def close(self) -> None:
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


_worker_sessions = _Sessions()  # of an executor's workers, which outlive a single fit
atexit.register(_worker_sessions.close)


def _run_in_worker(sandbox: Sandbox, data: _Inputs, source: str) -> Ran | Failed:
    return _worker_sessions.get(sandbox, data, workers=1).run(source)


def _score(ran: Ran, program: Program, train: Samples, held_out: Samples, loss: Loss) -> Verdict:
    errors = [p for p in ran.predictions if isinstance(p, SampleError)]
    if errors and len(errors) == len(ran.predictions):
        return Failed("raised", f"{errors[0].kind}: {errors[0].detail} (on every input)")
    cut = len(train)
    return Scored(
        train_error=loss.mean(ran.predictions[:cut], _labels(train)),
        held_out_error=loss.mean(ran.predictions[cut:], _labels(held_out)),
        bits=program.bits,
        sample_errors=len(errors),
        first_error=errors[0] if errors else None,
        cpu_seconds=ran.cpu_seconds,
        behaviour=_behaviour(ran.predictions),
    )


def _labels(samples: Samples) -> list[Value]:
    return [canonical(y) for y in samples.outputs]


def _behaviour(predictions: Sequence[Prediction]) -> str:
    plain = [[p.kind] if isinstance(p, SampleError) else p for p in predictions]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]
