"""Runs a program in the sandbox on the inputs, and scores it where candidates are not."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Self

import numpy as np

from llmerm.columns import taken
from llmerm.losses import ZERO_ONE, Loss
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox
from llmerm.scoring.here import ABANDONED, Here, Job
from llmerm.scoring.portions import Data, data_of
from llmerm.scoring.score import Race, Score, behaviour, total, whole_behaviour
from llmerm.scoring.there import There
from llmerm.typing import Failed, Prediction, Scored, Verdict

__all__ = ["ABANDONED", "Verifier"]

IN_FLIGHT = 256
"""Programs at a time on an executor, whose number of workers is not known here."""

_AGAIN = 1_000  # inputs, at most, of the run that confirms a program


class Verifier:
    """Gives a program its verdict on a train and a held-out part.

    Labels never enter a sandbox: it gets inputs, and sends predictions back to the process that
    opened it, which scores them. It may be called from several threads. Close it, or use it as a
    context manager.

    Args:
        sandbox: where programs run.
        loss: how predictions are compared with labels.
        executor: where sandboxes are started: None for this machine, else any
            `concurrent.futures.Executor`, each of whose workers keeps a sandbox of its own. The
            samples travel there, once to each worker.
        workers: programs at a time; default: as many as this machine has cores, or `IN_FLIGHT`
            on an executor.

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
        self.workers = workers or (os.cpu_count() or 1 if executor is None else IN_FLIGHT)
        self._runner = (
            Here(sandbox, loss, workers=self.workers)
            if executor is None
            else There(executor, sandbox, loss)
        )
        self._data: dict[tuple[str, str], Data] = {}
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
        data, race = self._data_of(train, held_out), None
        if bar is not None and held_out and self.loss.failure >= 0:
            race = Race(self.loss, len(held_out), bar)
        scores = self._runner.run(Job(program.source), data, race)
        return scores if isinstance(scores, Failed) else total(scores, data, bits=program.bits)

    def confirm(
        self, program: Program, train: Samples, held_out: Samples, *, verdict: Scored
    ) -> Verdict:
        """`verdict`, if the program gives the same predictions again, else why it has none.

        It is run once more on all inputs, and on half of them in another order, with another hash
        seed, in a process that holds no other inputs. That tells a function of one input from a
        program that counts its calls, draws at random, reads the clock or compares its inputs.
        """
        data = self._data_of(train, held_out)
        order = np.random.Generator(np.random.PCG64(2)).permutation(len(data.inputs))
        half = [int(i) for i in order[: min(_AGAIN, -(-len(order) // 2))]]
        whole = self._runner.run(Job(program.source, keep=tuple(sorted(half))), data)
        if isinstance(whole, Failed):
            return Failed("impure", f"it ran, and when run again did not: {whole}")
        alone = self._runner.run(*_alone(program, data, half))
        if isinstance(alone, Failed):
            return Failed("impure", f"it ran, and without the other inputs did not: {alone}")
        if whole_behaviour(whole) != verdict.behaviour:
            return Failed("impure", "it gave other predictions for the same inputs")
        if behaviour(_kept(whole)) != behaviour(_kept(alone)):
            return Failed("impure", "it gave other predictions without the other inputs")
        return verdict

    def _data_of(self, train: Samples, held_out: Samples) -> Data:
        parts = train.fingerprint, held_out.fingerprint
        if parts not in self._data:
            self._data[parts] = data_of(train, held_out)
        return self._data[parts]

    @property
    def threads(self) -> ThreadPoolExecutor:
        """Threads to call `verify` from, as many as programs can run at a time."""
        return self._threads

    def stop(self) -> None:
        """Ends or takes back every program on its way; what is verified next runs as before."""
        self._runner.stop()

    def close(self) -> None:
        """Ends every sandbox of this machine; closing twice is harmless."""
        self._runner.close()
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _alone(program: Program, data: Data, some: Sequence[int]) -> tuple[Job, Data]:
    """The program on some of the inputs, in this order; its predictions kept in their old one."""
    inputs = taken(data.inputs, some)
    samples = Samples(inputs, (None,) * len(inputs))
    old_order = tuple(sorted(range(len(some)), key=some.__getitem__))
    return Job(program.source, hash_seed=1, keep=old_order), data_of(samples.take(()), samples)


def _kept(scores: Sequence[Score]) -> list[Prediction]:
    return [one for score in scores for one in score.kept]
