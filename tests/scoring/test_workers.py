"""Programs on an executor's workers: the same verdicts, no work for what cannot win."""

from __future__ import annotations

import multiprocessing
import os
import platform
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from unittest import mock

import numpy as np
import pandas as pd
import pytest

import llmerm
from llmerm import experiments
from llmerm.columns import Rows
from llmerm.errors import ArgumentError, ExecutorError, NoSandboxError
from llmerm.program import Program
from llmerm.sandbox import LinuxSandbox
from llmerm.sandbox.base import CHUNK, Sandbox
from llmerm.scoring import portions, unit
from llmerm.scoring.troubles import TRIES
from llmerm.typing import Failed, Scored
from llmerm.verifier import ABANDONED, Verifier

from .conftest import RIGHT, SAMPLES, WRONG, both, essence

SPLIT = SAMPLES.split(0.5, seed=0)


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Two workers that share nothing with this process."""
    with pool() as executor:
        yield executor


def pool(workers: int = 2, **options) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), **options)


class Noting(Executor):
    """Passes work on, and keeps the units of work."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.units: list[unit.Unit] = []

    def submit(self, fn, /, *args, **kwargs):
        self.units += args
        return self.executor.submit(fn, *args, **kwargs)


def test_a_fit_ends_the_same(processes, on_this_machine) -> None:
    """On workers as on this machine: verdicts, selection, certificate."""
    assert both(processes) == on_this_machine


def test_a_table_goes_to_workers_in_its_columns(processes) -> None:
    """As arrays, with the verdicts that the same rows have here as dicts."""
    numbers = np.random.default_rng(0).random((6_000, 4))
    frame = pd.DataFrame(numbers, columns=list("abcd")).assign(y=numbers[:, 1] > 0.5)
    kept = llmerm.Samples.from_frame(frame, target="y")
    plain = llmerm.Samples.of(list(zip([*kept.inputs], kept.outputs, strict=True)))
    assert isinstance(kept.inputs, Rows)
    assert isinstance(plain.inputs, tuple)
    sources = [f"def f(x): return x['b'] > {bar}" for bar in (0.4, 0.5, 0.6)]
    noting = Noting(processes)
    there = llmerm.verify(sources, kept, executor=noting)
    here = llmerm.verify(sources, plain)
    assert there.held_out_error == here.held_out_error == 0
    seen = [
        [(one.verdict.held_out_error, one.verdict.behaviour) for one in result.candidates]
        for result in (there, here)
    ]
    assert seen[0] == seen[1]
    sent = [one.portion for one in noting.units if one.portion is not None]
    assert sent
    assert all(isinstance(portion.inputs, Rows) for portion in sent)


def test_a_loser_is_not_run_whole() -> None:
    """Of a program that cannot win, a worker runs the first inputs alone; of a winner, all."""
    with ThreadPoolExecutor(1) as threads:
        noting = Noting(threads)
        with Verifier(llmerm.sandbox.default(), executor=noting) as verifier:
            assert verifier.verify(Program(WRONG), *SPLIT, bar=lambda: 0.1) == ABANDONED
            assert {one.first for one in noting.units} == {CHUNK}
            verdict = verifier.verify(Program(RIGHT), *SPLIT, bar=lambda: 0.1)
            assert isinstance(verdict, Scored), verdict
            assert (verdict.held_out_error, verdict.train_error) == (0, 0)
            assert [one.first for one in noting.units][-2:] == [CHUNK, None]
            before = len(noting.units)
            verifier.verify(Program(RIGHT), *SPLIT)
            assert [one.first for one in noting.units[before:]] == [None]


class Busy(Executor):
    """Runs the first inputs of a program; what comes after them waits until it is cancelled."""

    def __init__(self, then) -> None:
        self.then = then
        self.waiting: Future[object] | None = None

    def submit(self, fn, /, *args, **kwargs):
        future: Future[object] = Future()
        if not args or args[0].first is not None:
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
    samples = llmerm.Samples.of([(i, i) for i in range(1, 3_000)])
    source = "def f(x):\n    while x == 7: pass\n    return x"
    with ThreadPoolExecutor(1) as threads:
        noting = Noting(threads)
        with Verifier(LinuxSandbox(cpu_seconds=0.1), executor=noting) as verifier:
            stuck = verifier.verify(Program(source), samples.take(()), samples, bar=lambda: 0.5)
        assert isinstance(stuck, Failed)
        assert stuck.reason == "timeout"
        assert [one.first for one in noting.units] == [CHUNK, None]  # the whole had its chance


def test_the_data_travels_once_to_each_worker(processes) -> None:
    """However many programs there are; all other units carry its digest alone."""
    samples = llmerm.Samples.of([(i, i % 2) for i in range(1200, 1600)])
    noting = Noting(processes)
    programs = [f"def f(x):\n    sum(range(3000))\n    return x % 2 + {i}" for i in range(60)]
    llmerm.verify(programs, samples, executor=noting)
    carrying = [one for one in noting.units if one.portion is not None]
    whole = {one.digest for one in noting.units}
    assert len(whole) == 2  # all samples; the half that the winner is confirmed on
    assert len(carrying) <= 4 * len(whole)
    assert len(noting.units) > 2 * len(carrying)


def test_cheap_programs_share_a_unit() -> None:
    """Once it is known how little they take; each has a verdict of its own."""
    programs = [Program(f"def f(x): return (x + {i}) % 2") for i in range(200)]
    split = SAMPLES[:100].split(0.5)
    with ThreadPoolExecutor(1) as threads:
        noting = Noting(threads)
        with Verifier(llmerm.sandbox.default(), executor=noting) as verifier:
            verdicts = list(verifier.threads.map(lambda p: verifier.verify(p, *split), programs))
    assert len(noting.units) < 180  # how many wait together depends on what else the machine does
    assert [verdict.held_out_error for verdict in verdicts] == [i % 2 for i in range(200)]


def test_portions_say_what_the_whole_says(processes) -> None:
    """Scores do not depend on how the data is cut, on this machine and on workers."""
    whole = scores(None)
    with mock.patch.object(portions, "MOST", 130):
        assert scores(None) == whole
        assert scores(processes) == whole


def scores(executor):
    programs = [RIGHT, WRONG, "def f(x): return x % 2 if x % 7 else x // 0", "def f(x): return []"]
    cut = SAMPLES[:500]
    result = llmerm.verify(programs, cut, loss="absolute", executor=executor)
    return result.chosen, [
        (c.reason, c.held_out_error, getattr(c.verdict, "sample_errors", None), c.duplicate_of)
        for c in result.candidates
    ]


def test_a_loss_of_ones_own_need_not_travel(processes) -> None:
    """A lambda is computed here, on predictions that come back."""
    result = llmerm.verify(WRONG, SAMPLES, loss=lambda p, y: 3.0 * abs(p - y), executor=processes)
    assert result.candidates[0].held_out_error == 3.0


def test_a_worker_without_a_sandbox(processes) -> None:
    """A worker whose host cannot isolate refuses, and the error names the host."""
    nowhere = LinuxSandbox(_layers=("moat",))
    refusal = pytest.raises(NoSandboxError, match="does not offer moat")
    with Verifier(nowhere, executor=processes) as verifier, refusal as refused:
        verifier.verify(Program(RIGHT), *SPLIT)
    assert f"worker on {platform.node()}" in str(refused.value)


OLDER = "import llmerm.scoring.unit as unit; unit.VERSIONS = 'llmerm 0.0.1 on Python 3.11'"


def test_a_worker_of_another_version_is_noticed() -> None:
    """It refuses the work, and the error names both versions and the host."""
    with (
        pool(1, initializer=exec, initargs=(OLDER,)) as executor,
        pytest.raises(ExecutorError, match=r"has llmerm 0\.0\.1 .* Install the same") as refused,
    ):
        llmerm.verify(RIGHT, SAMPLES, executor=executor)
    assert platform.node() in str(refused.value)
    assert unit.VERSIONS in str(refused.value)


def test_a_pool_that_loses_a_worker_is_told() -> None:
    """`ProcessPoolExecutor` cannot go on then; the error says which executors can."""
    with pool(1) as executor:
        os.kill(executor.submit(os.getpid).result(), signal.SIGKILL)
        with pytest.raises(ExecutorError, match=r"the executor broke: .* Pass a new executor"):
            llmerm.verify(RIGHT, SAMPLES, executor=executor)


def test_an_executor_that_is_shut_down_is_told(tmp_path) -> None:
    """Before anything is drawn, paid for or run."""
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    result, proposer = llmerm.verify(RIGHT, SAMPLES), llmerm.ScriptedProposer([RIGHT])
    options = experiments.Options(tasks=("parity",), methods=("majority",), n=20, n_test=200)
    for ask in (
        lambda: llmerm.fit(SAMPLES, proposer=proposer, executor=executor),
        lambda: llmerm.verify(RIGHT, SAMPLES, executor=executor),
        lambda: result.predict([1, 2], executor=executor),
        lambda: result.evaluate([(1, 1)], executor=executor),
        lambda: experiments.run("paper-table", options, out=tmp_path, executor=executor),
    ):
        with pytest.raises(ExecutorError, match="keep it open"):
            ask()
    assert proposer.paid == []


@pytest.mark.parametrize("wrong", [2, "processes", ThreadPoolExecutor], ids=str)
def test_what_is_no_executor_is_named(wrong) -> None:
    """Before anything is drawn or sent."""
    result = llmerm.verify(RIGHT, SAMPLES)
    for ask in (
        lambda: llmerm.fit(SAMPLES, proposer=llmerm.ScriptedProposer([RIGHT]), executor=wrong),
        lambda: llmerm.verify(RIGHT, SAMPLES, executor=wrong),
        lambda: result.predict([1, 2], executor=wrong),
        lambda: result.evaluate([(1, 1)], executor=wrong),
    ):
        with pytest.raises(ArgumentError, match=r"`executor` is .*expected a concurrent\.futures"):
            ask()


class Mine(Sandbox):
    """A sandbox that cannot be pickled."""

    isolation = "none"

    def __init__(self) -> None:
        self.held = lambda: None

    def session(self, inputs, *, workers=1, hash_seed=0):
        raise AssertionError("nothing runs")


def test_what_cannot_be_sent_is_told(processes) -> None:
    """With what may be sent."""
    with pytest.raises(ExecutorError, match=r"cannot be sent .*define it in a module"):
        llmerm.verify(RIGHT, SAMPLES, executor=processes, sandbox=Mine())


class Losing(Executor):
    """Loses work a number of times, then does it."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.lost = 0

    def submit(self, fn, /, *args, **kwargs):
        future: Future[object] = Future()
        if args and self.lost < self.times:
            self.lost += 1
            future.set_exception(ConnectionError("the worker is gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_lost_work_is_done_again() -> None:
    """A few times; then the error says how often, and with what."""
    losing = Losing(TRIES - 1)
    result = llmerm.verify(RIGHT, SAMPLES, executor=losing)
    assert losing.lost == TRIES - 1
    assert result.held_out_error == 0
    with pytest.raises(ExecutorError, match=f"lost {TRIES} times .*the worker is gone"):
        llmerm.verify(RIGHT, SAMPLES, executor=Losing(10**6))


class Never(Executor):
    """Takes work, and does none of it."""

    def __init__(self) -> None:
        self.taken: list[Future[object]] = []

    def submit(self, fn, /, *args, **kwargs):
        self.taken.append(Future())
        return self.taken[-1]


def test_closing_takes_back_what_is_on_its_way() -> None:
    """Whoever waits for it waits no longer, and the executor is told."""
    never = Never()
    verifier = Verifier(llmerm.sandbox.default(), executor=never)
    waiting = verifier.threads.submit(verifier.verify, Program(RIGHT), *SPLIT)
    while len(never.taken) < 2:  # the first asks whether it takes work
        pass
    verifier.close()
    assert waiting.exception(timeout=60) is not None
    assert all(future.cancelled() for future in never.taken[1:])


def test_labels_stay_out_of_sandboxes_on_workers() -> None:
    """What a worker opens its sandbox with is inputs alone."""
    box, opened = llmerm.sandbox.default(), []

    class Noted(Sandbox):
        isolation = box.isolation

        def session(self, inputs, *, workers=1, hash_seed=0):
            opened.append(tuple(inputs))
            return box.session(inputs, workers=workers, hash_seed=hash_seed)

    samples = llmerm.Samples.of([(i, f"label {i % 2}") for i in range(300)])
    with ThreadPoolExecutor(2) as threads:
        found = llmerm.verify(
            "def f(x): return f'label {x % 2}'", samples, executor=threads, sandbox=Noted()
        )
    assert found.held_out_error == 0
    assert set(opened[0]) == set(samples.inputs)
    assert not any("label" in str(inputs) for inputs in opened)


def test_the_same_result_again_from_one_pool(processes) -> None:
    """What workers keep of one fit does not change the next."""
    one = llmerm.verify([WRONG, RIGHT], SAMPLES, executor=processes)
    flipped = llmerm.Samples.from_arrays(SAMPLES.inputs, [1 - y for y in SAMPLES.outputs])
    other = llmerm.verify([WRONG, RIGHT], flipped, executor=processes)
    assert (one.chosen, other.chosen) == (1, 0)
    assert essence(llmerm.verify([WRONG, RIGHT], SAMPLES, executor=processes)) == essence(one)
