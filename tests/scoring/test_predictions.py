"""Predictions and errors on an executor's workers: what this machine says; and what is taken back."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures import ThreadPoolExecutor as Threads

import pytest

import llmerm
from llmerm.errors import ArgumentError, DataError, PredictionError
from llmerm.program import Program
from llmerm.scoring.portions import PIECE
from llmerm.typing import SampleError
from llmerm.verifier import Verifier

from .conftest import RIGHT, SAMPLES

INPUTS = list(range(2 * PIECE + 7))


@pytest.fixture(scope="module")
def processes():
    """Two workers that share nothing with this process."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.fixture(scope="module")
def result():
    """A program that raises on some inputs."""
    return llmerm.verify(["def f(x): return 7 // x * 0 + x % 2"], SAMPLES)


def test_predictions_of_workers(result, processes) -> None:
    """They are those of this machine, in the order of the inputs, errors in their places."""
    there = result.predict(INPUTS, executor=processes)
    assert there == result.predict(INPUTS)
    assert isinstance(there[0], SampleError)
    assert there[1:8] == [1, 0, 1, 0, 1, 0, 1]


def test_each_portion_is_a_unit(result) -> None:
    """So that several workers have some of many inputs; no inputs give no predictions."""
    with Threads(1) as threads:
        units = []

        class Noting(Executor):
            def submit(self, fn, /, *args, **kwargs):
                units.extend(args)
                return threads.submit(fn, *args, **kwargs)

        assert len(result.predict(INPUTS, executor=Noting())) == len(INPUTS)
        assert [len(unit.portion.inputs) for unit in units] == [PIECE, PIECE, 7]
        assert result.predict([], executor=Noting()) == []


def test_a_table_on_workers(processes) -> None:
    """Its rows are what the program gets there as here, however they come in."""
    rows = [{"a": i, "b": f"{i % 3}"} for i in range(PIECE + 9)]
    found = llmerm.verify(
        ["def f(x): return x['a'] % 2 + int(x['b'])"],
        [(row, row["a"] % 2 + int(row["b"])) for row in rows[:40]],
    )
    there = found.predict(rows, executor=processes)
    assert there == found.predict(rows) == [row["a"] % 2 + int(row["b"]) for row in rows]


def test_evaluate_on_workers(result, processes) -> None:
    """The same error and interval as on this machine."""
    fresh = llmerm.Samples.of([(i, i % 2) for i in range(5_000, 9_000)])
    assert result.evaluate(fresh, executor=processes) == result.evaluate(fresh)


def test_bad_inputs_on_workers(processes) -> None:
    """What cannot be sent is named before it is; a program that gives nothing says why."""
    good = llmerm.verify([RIGHT], SAMPLES)
    with pytest.raises(DataError, match=r"input 1 is .*object"):
        good.predict([1, object()], executor=processes)
    endless = llmerm.verify(["def f(x):\n    while x == 9_999: pass\n    return x % 2"], SAMPLES)
    with pytest.raises(PredictionError, match="timeout"):
        endless.predict([1, 9_999], executor=processes)


def test_sealed_samples_stay(processes) -> None:
    """They are refused, and no use of them is spent."""
    rest, sealed = llmerm.split(SAMPLES, test=0.2)
    found = llmerm.verify([RIGHT], rest)
    with pytest.raises(ArgumentError, match="sealed samples stay in this process"):
        found.evaluate(sealed, executor=processes)
    assert found.evaluate(sealed).use == 1


class Slow(Executor):
    """Begins nothing until it is told to."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.waiting: list[Future[object]] = []
        self.open = False

    def submit(self, fn, /, *args, **kwargs):
        future: Future[object] = Future()
        if self.open or not args:
            future.set_result(fn(*args, **kwargs))
        else:
            self.waiting.append(future)
            self.asked.set()
        return future


def test_stop_takes_back_what_is_on_its_way() -> None:
    """Whoever waits for it is told; what is verified next runs as before."""
    slow, split = Slow(), SAMPLES.split(0.5)
    with Verifier(llmerm.sandbox.default(), executor=slow) as verifier:
        waiting = verifier.threads.submit(verifier.verify, Program(RIGHT), *split)
        assert slow.asked.wait(30)
        verifier.stop()
        with pytest.raises(CancelledError):
            waiting.result(30)
        assert all(future.cancelled() for future in slow.waiting)
        slow.open = True
        assert verifier.verify(Program(RIGHT), *split).held_out_error == 0
