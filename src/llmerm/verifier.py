"""Runs a program in the sandbox on the inputs, and scores it here, where the labels are."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Self

import numpy as np

from llmerm.losses import ZERO_ONE, Loss, average
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox, Watch
from llmerm.sessions import Inputs, Sessions, Work, run_elsewhere
from llmerm.typing import Failed, Prediction, Ran, SampleError, Scored, Value, Verdict
from llmerm.values import canonical

_AGAIN = 1_000  # inputs, at most, of the run that confirms a program

ABANDONED = Failed("abandoned", "an earlier draw has a smaller held-out error")
"""The verdict on a program that was not scored to its end, because it cannot be selected."""


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
        self._sessions = Sessions()
        self._known_labels: dict[str, list[Value]] = {}
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="llmerm-verify")

    def verify(
        self,
        program: Program,
        train: Samples,
        held_out: Samples,
        *,
        bar: Callable[[], float] | None = None,
    ) -> Verdict:
        """The program's empirical risk on both parts, or the reason why it has none.

        Args:
            program: what to run.
            train: its part of the samples.
            held_out: the other part, which is run first.
            bar: asked while the program runs; once its held-out error is sure to exceed this, it
                is `ABANDONED`. An executor first runs its first inputs alone, as what runs there
                cannot be stopped; asked after that, and while the whole waits for a worker.
        """
        watch = None
        if bar is not None and held_out and self.loss.failure >= 0:
            watch = _Watching(self.loss, self._labels(held_out), bar)
        outcome = self._run(program.source, _inputs(train, held_out), watch=watch)
        if isinstance(outcome, Failed):
            return ABANDONED if outcome.reason == "abandoned" else outcome
        return self._score(outcome, program, train, held_out)

    def confirm(
        self, program: Program, train: Samples, held_out: Samples, *, verdict: Scored
    ) -> Verdict:
        """`verdict`, if the program gives the same predictions again, else why it has none.

        It is run once more on all inputs, and on half of them in another order, with another hash
        seed, in a process that holds no other inputs. That tells a function of one input from a
        program that counts its calls, draws at random, reads the clock or compares its inputs.
        """
        data = _inputs(train, held_out)
        order = np.random.Generator(np.random.PCG64(2)).permutation(len(data.inputs))
        half = [int(i) for i in order[: min(_AGAIN, -(-len(order) // 2))]]
        part = Inputs(f"half of {data.digest}", tuple(data.inputs[i] for i in half))
        whole = self._run(program.source, data)
        if isinstance(whole, Failed):
            return Failed("impure", f"it ran, and when run again did not: {whole}")
        alone = self._run(program.source, part, hash_seed=1)
        if isinstance(alone, Failed):
            return Failed("impure", f"it ran, and without the other inputs did not: {alone}")
        if behaviour(whole.predictions) != verdict.behaviour:
            return Failed("impure", "it gave other predictions for the same inputs")
        if behaviour([whole.predictions[i] for i in half]) != behaviour(alone.predictions):
            return Failed("impure", "it gave other predictions without the other inputs")
        return verdict

    def _run(
        self, source: str, data: Inputs, *, hash_seed: int = 0, watch: Watch | None = None
    ) -> Ran | Failed:
        if self._executor is None:
            session = self._sessions.get(self.sandbox, data, hash_seed, workers=self.workers)
            return session.run(source, watch=watch)
        return run_elsewhere(
            self._executor, Work(self.sandbox, data, hash_seed, source), watch=watch
        )

    def _score(self, ran: Ran, program: Program, train: Samples, held_out: Samples) -> Verdict:
        errors = [p for p in ran.predictions if isinstance(p, SampleError)]
        if errors and len(errors) == len(ran.predictions):
            return Failed("raised", f"{errors[0].kind}: {errors[0].detail} (on every input)")
        cut = len(held_out)
        return Scored(
            train_error=self.loss.mean(ran.predictions[cut:], self._labels(train)),
            held_out_error=self.loss.mean(ran.predictions[:cut], self._labels(held_out)),
            bits=program.bits,
            sample_errors=len(errors),
            first_error=errors[0] if errors else None,
            cpu_seconds=ran.cpu_seconds,
            behaviour=behaviour(ran.predictions),
        )

    def _labels(self, samples: Samples) -> list[Value]:
        if samples.fingerprint not in self._known_labels:
            self._known_labels[samples.fingerprint] = [canonical(y) for y in samples.outputs]
        return self._known_labels[samples.fingerprint]

    @property
    def threads(self) -> ThreadPoolExecutor:
        """Threads to call `verify` from, as many as programs can run at a time."""
        return self._threads

    def stop(self) -> None:
        """Ends every program that runs on this machine; what is verified next runs in new ones."""
        self._sessions.close()

    def close(self) -> None:
        """Ends every sandbox of this machine; closing twice is harmless."""
        self._sessions.close()
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _inputs(train: Samples, held_out: Samples) -> Inputs:
    """Held-out inputs first: they decide whether a program can still be selected."""
    return Inputs(held_out.fingerprint + train.fingerprint, held_out.inputs + train.inputs)


class _Watching:
    """Whether the held-out error, as far as it is known, still leaves a program in the race."""

    def __init__(self, loss: Loss, labels: Sequence[Value], bar: Callable[[], float]) -> None:
        self._loss = loss
        self._labels = labels
        self._bar = bar
        self._losses: list[float] = []

    def __call__(self, predictions: Sequence[Prediction]) -> bool:
        known = slice(len(self._losses), len(self._labels))
        self._losses += self._loss.each(predictions[known], self._labels[known])
        return not average(self._losses, len(self._labels)) > self._bar()


def behaviour(predictions: Sequence[Prediction]) -> str:
    """A digest of predictions; of an error only its kind counts.

    >>> behaviour([1, 0]) == behaviour([1, 0]) != behaviour([0, 1])
    True
    """
    plain = [[p.kind] if isinstance(p, SampleError) else p for p in predictions]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]
