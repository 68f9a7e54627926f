"""Programs on an executor's workers: the same verdicts, no work for what cannot win."""

from __future__ import annotations

import multiprocessing
import platform
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import llmerm
from llmerm.errors import NoSandboxError
from llmerm.program import Program
from llmerm.sandbox import LinuxSandbox
from llmerm.sandbox.base import CHUNK
from llmerm.sessions import Inputs, Work, run_elsewhere
from llmerm.typing import Failed, Ran, Scored
from llmerm.verifier import ABANDONED, Verifier

SAMPLES = llmerm.Samples.of([(i, i % 2) for i in range(1200)])
SPLIT = SAMPLES.split(0.5, seed=0)
RIGHT, WRONG = "def f(x): return x % 2", "def f(x): return 1 - x % 2"


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Two workers that share nothing with this process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


class Noting(Executor):
    """Passes work on, and keeps which subset each piece was for."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.subsets: list[object] = []

    def submit(self, fn, /, *args, **kwargs):
        self.subsets.append(args[0].subset)
        return self.executor.submit(fn, *args, **kwargs)


def test_a_loser_is_not_run_whole(processes: ProcessPoolExecutor) -> None:
    """Of a program that cannot win, a worker runs the first inputs alone; of a winner, all."""
    noting = Noting(processes)
    with Verifier(llmerm.sandbox.default(), executor=noting) as verifier:
        assert verifier.verify(Program(WRONG), *SPLIT, bar=lambda: 0.1) == ABANDONED
        assert noting.subsets == [range(CHUNK)]
        verdict = verifier.verify(Program(RIGHT), *SPLIT, bar=lambda: 0.1)
        assert isinstance(verdict, Scored), verdict
        assert (verdict.held_out_error, verdict.train_error) == (0, 0)
        assert noting.subsets == [range(CHUNK), range(CHUNK), None]
        verifier.verify(Program(RIGHT), *SPLIT)
        assert noting.subsets[3:] == [None]


def test_a_fit_ends_the_same(processes: ProcessPoolExecutor) -> None:
    """A fit on workers selects what a fit on this machine selects, with the same verdicts."""
    nearly = "def f(x): return x % 2 if x % 50 else 0"
    script = [WRONG, nearly, WRONG + "\n# again", "def f(x): return 0 * x", RIGHT]

    def essence(executor: Executor | None):
        proposer = llmerm.ScriptedProposer(script)
        result = llmerm.fit(SAMPLES, k=5, proposer=proposer, executor=executor)
        errors = [(c.draw, c.status, c.held_out_error) for c in result.candidates]
        return result.chosen, errors, result.certificate

    assert essence(processes) == essence(None)


class Busy(Executor):
    """Runs the first piece of work; what comes after it waits until it is cancelled."""

    def __init__(self, then) -> None:
        self.then = then
        self.waiting: Future[object] | None = None

    def submit(self, fn, /, *args, **kwargs):
        future: Future[object] = Future()
        if self.waiting is None and args[0].subset is not None:
            future.set_result(fn(*args, **kwargs))
        else:
            self.waiting = future
            self.then()
        return future


def test_hopeless_while_it_waits() -> None:
    """A program that an earlier draw beats while it waits for a worker is taken back, and not run."""
    bar = [1.0]
    busy = Busy(lambda: bar.__setitem__(0, 0.1))
    with Verifier(llmerm.sandbox.default(), executor=busy) as verifier:
        assert verifier.verify(Program(WRONG), *SPLIT, bar=lambda: bar[0]) == ABANDONED
    assert busy.waiting is not None
    assert busy.waiting.cancelled()


def test_a_slow_start_is_no_failure() -> None:
    """That the first inputs alone take too long does not say that all of them do."""
    given = Inputs("numbers", tuple(range(2_000)))
    source = "def f(x):\n    while x == 7: pass\n    return x"
    box = LinuxSandbox(cpu_seconds=0.1)
    with ThreadPoolExecutor(1) as threads:
        noting = Noting(threads)
        outcome = run_elsewhere(noting, Work(box, given, 0, source), watch=lambda _: False)
        assert isinstance(outcome, Failed)
        assert outcome.reason == "timeout"
        assert noting.subsets == [range(CHUNK), None]  # the whole had its chance
        ran = run_elsewhere(noting, Work(box, given, 0, "def f(x): return x"), watch=lambda _: True)
        assert isinstance(ran, Ran)
        assert ran.predictions == given.inputs


def test_a_worker_without_a_sandbox(processes: ProcessPoolExecutor) -> None:
    """A worker whose host cannot isolate refuses, and the error names the host."""
    nowhere = LinuxSandbox(_layers=("moat",))
    refusal = pytest.raises(NoSandboxError, match="does not offer moat")
    with Verifier(nowhere, executor=processes) as verifier, refusal as refused:
        verifier.verify(Program(RIGHT), *SPLIT)
    assert f"worker on {platform.node()}:" in str(refused.value)
