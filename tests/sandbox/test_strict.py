"""With `strict` a candidate never holds more than one input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import llmerm
from llmerm.errors import ArgumentError
from llmerm.sandbox.base import CHUNK, Session
from llmerm.typing import Failed, Ran, SampleError

from .conftest import BITS, at_level, predictions
from .test_session import PARITY, REFUSED, SEARCH

EXPECTED = tuple(x.count("1") % 2 for x in BITS)


@pytest.fixture(scope="module")
def strict(level: str) -> Iterator[Session]:
    with replace(at_level(level), strict=True).session(BITS) as session:
        yield session


def test_same_predictions(strict: Session) -> None:
    """A function of its input gives what it gives otherwise, also on a subset."""
    assert predictions(strict.run(PARITY)) == EXPECTED
    assert predictions(strict.run(PARITY, subset=[5, 0, 5])) == tuple(
        EXPECTED[i] for i in (5, 0, 5)
    )
    assert predictions(strict.run(PARITY, subset=[])) == ()
    with pytest.raises(ArgumentError, match="the index 24"):
        strict.run(PARITY, subset=[0, 24])


def test_nothing_is_remembered(strict: Session) -> None:
    """A call finds nothing of the calls before it."""
    counting = "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)"
    assert set(predictions(strict.run(counting))) == {1}


def test_no_other_input_is_in_memory(level: str) -> None:
    """The search that finds the other inputs of an ordinary session finds none."""
    inputs = ["a", "input-4711", "b"]
    for is_strict in (False, True):
        with replace(at_level(level, cpu_seconds=3.0), strict=is_strict).session(inputs) as session:
            predictions(session.run(PARITY))
            found = predictions(session.run(SEARCH.format("input"), subset=[2]))
            assert found == (not is_strict,)


@pytest.mark.parametrize("source", ["", "def f(x:", "x = 1", "1 / 0\ndef f(x): return 1"])
def test_reasons(source: str, strict: Session) -> None:
    """What is no program has the same reason, also with no input at all."""
    for subset in (None, []):
        outcome = strict.run(source, subset=subset)
        assert isinstance(outcome, Failed)
        assert outcome.reason == REFUSED[source]


def test_one_bad_input(strict: Session) -> None:
    """An error is that input's alone; an endless call fails the candidate."""
    ran = strict.run("def f(x): return 1 // int(x, 2)", subset=[0, 1])
    assert predictions(ran) == (
        SampleError("ZeroDivisionError", "integer division or modulo by zero"),
        1,
    )
    endless = strict.run("def f(x):\n    while x == '00000001': pass")
    assert endless == Failed("timeout", "its CPU time is up")


def test_cpu_time_of_all_calls(level: str) -> None:
    """Calls that stay within the limit one by one are stopped when they are too much together."""
    busy = "import time\ndef f(x):\n    end = time.thread_time() + 0.15\n    while time.thread_time() < end: pass"
    with replace(at_level(level, cpu_seconds=0.2), strict=True).session(range(20)) as session:
        outcome = session.run(busy)
    assert outcome == Failed("timeout", "the CPU time of all its calls is up")


def test_mutable_inputs(level: str) -> None:
    """Lists arrive as they were."""
    with replace(at_level(level), strict=True).session([[1, 2], [3]]) as session:
        assert predictions(session.run("def f(x): return x.pop() + len(x)")) == (3, 3)


def test_watched(level: str) -> None:
    """It is looked at after each chunk, and may be ended there."""
    with replace(at_level(level), strict=True).session(range(CHUNK + 1)) as session:
        outcome = session.run("def f(x): return 1", watch=lambda answers: len(answers) != CHUNK)
    assert isinstance(outcome, Failed)
    assert outcome.reason == "abandoned"


def test_isolation_says_so() -> None:
    """A strict sandbox says that it is one, and fits with it."""
    box = llmerm.sandbox.default(strict=True)
    assert "one input at a time" in box.isolation
    assert "one input at a time" not in llmerm.sandbox.default().isolation
    with box.session(["01"]) as session:
        assert isinstance(session.run(PARITY), Ran)
