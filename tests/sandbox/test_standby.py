"""Predictions on many inputs: in pieces, on workers that stay ready."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmerm.errors import DataError
from llmerm.sandbox import LinuxSandbox, standby
from llmerm.typing import Failed, Ran, SampleError


@pytest.fixture
def sandbox():
    standby.close()
    yield LinuxSandbox(cpu_seconds=2.0)
    standby.close()


def idle() -> list[object]:
    return [pool for (pid, _), pool in standby._idle.items() if pid == os.getpid()]


@pytest.mark.parametrize("count", [0, 1, 1999, 2001, 60_001])
@pytest.mark.parametrize(
    "made", [str, int, float, lambda i: [i], lambda i: {"i": i, "s": "x"}, lambda i: (i, [i])]
)
def test_the_answers_are_those_of_a_session(sandbox, count, made):
    """For any kind of input and number of pieces, in the order of the inputs."""
    inputs = [made(i) for i in range(count)]
    outcome = sandbox.run("def f(x): return str(x)", inputs)
    assert isinstance(outcome, Ran)
    assert list(outcome.predictions) == [str(x) for x in inputs]


def test_an_input_on_which_it_raises_keeps_its_place(sandbox):
    """In whatever piece it is."""
    outcome = sandbox.run("def f(x): return 1 // (x % 10_000)", range(30_000))
    assert isinstance(outcome, Ran)
    errors = [i for i, p in enumerate(outcome.predictions) if isinstance(p, SampleError)]
    assert errors == [0, 10_000, 20_000]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(x): return 1 if x < 29_999 else __import__('os')._exit(3)", "exit"),
        ("def f(x):\n    while x > 29_990: pass", "timeout"),
        ("", "empty"),
        ("def f(x", "syntax_error"),
    ],
)
def test_a_piece_that_fails_fails_the_whole_and_the_next_program_runs(source, reason):
    """With the reason that a session gives, and on workers that are as good as new."""
    sandbox = LinuxSandbox(cpu_seconds=0.1)
    outcome = sandbox.run(source, range(30_000))
    assert isinstance(outcome, Failed)
    assert outcome.reason == reason
    assert list(sandbox.run("def f(x): return x", [7]).predictions) == [7]


def test_a_program_finds_nothing_of_the_one_before(sandbox):
    """Neither its inputs nor what it left behind: each runs in a process of its own."""
    leave = "import builtins\ndef f(x):\n    builtins.left = x\n    return x"
    look = "import builtins\ndef f(x): return getattr(builtins, 'left', None)"
    assert list(sandbox.run(leave, ["secret"]).predictions) == ["secret"]
    assert list(sandbox.run(look, ["other"]).predictions) == [None]


def test_a_call_cannot_change_the_inputs_of_the_next(sandbox):
    """Rows are given as copies."""
    rows = [{"n": i} for i in range(5)]
    source = "def f(x):\n    x['n'] += 1\n    return x['n']"
    assert list(sandbox.run(source, rows).predictions) == [1, 2, 3, 4, 5]
    assert rows == [{"n": i} for i in range(5)]


def test_workers_stay_for_the_next_program_and_no_more_than_two_pools(sandbox):
    """The second program starts no process; a third kind of pool ends the oldest."""
    sandbox.run("def f(x): return x", ["a"])
    (first,) = idle()
    workers = set(first._workers)
    sandbox.run("def f(x): return x + x", ["b"])
    assert idle() == [first]
    assert first._workers == workers
    for seconds in (3.0, 4.0):
        LinuxSandbox(cpu_seconds=seconds).run("def f(x): return x", ["a"])
    assert len(idle()) == standby.KEPT
    assert first not in idle()
    assert all(worker._process.poll() is not None for worker in workers)


def test_programs_from_several_threads_do_not_mix(sandbox):
    """Each has a pool to itself while it runs."""
    with ThreadPoolExecutor(4) as threads:
        jobs = [
            threads.submit(sandbox.run, f"def f(x): return {i}", range(3_000)) for i in range(8)
        ]
        assert [set(job.result().predictions) for job in jobs] == [{i} for i in range(8)]


def test_the_first_input_that_is_no_value_is_named(sandbox):
    """Among many that are."""
    with pytest.raises(DataError, match=r"input 4000 is nan, expected a finite number"):
        sandbox.run("def f(x): return x", [1.0] * 4_000 + [float("nan")])


def test_no_process_is_left_behind():
    """When the interpreter ends, its workers end."""
    code = (
        "from llmerm.sandbox import LinuxSandbox, standby\n"
        "LinuxSandbox().run('def f(x): return x', range(9_000))\n"
        "print(*[w._process.pid for p in standby._idle.values() for w in p._workers])"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    pids = [int(pid) for pid in seen.stdout.split()]
    assert pids
    assert seen.stderr == ""
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def test_a_fork_has_workers_of_its_own(sandbox):
    """A process that was forked with idle workers leaves them to its parent."""
    sandbox.run("def f(x): return x", [1])
    pid = os.fork()
    if pid == 0:
        fine = list(sandbox.run("def f(x): return x", [2]).predictions) == [2]
        standby.close()
        os._exit(0 if fine else 1)
    assert os.waitpid(pid, 0)[1] == 0
    (pool,) = idle()
    assert all(worker.ready for worker in pool._workers)
    assert list(sandbox.run("def f(x): return x", [3]).predictions) == [3]


def test_long_inputs_come_in_small_pieces():
    """A program's memory has to hold a piece: 8 MiB or so, whatever the number of inputs."""
    rng = random.Random(0)
    texts = ["".join(rng.choices("01", k=1_000)) * 10 for _ in range(3_000)]
    outcome = LinuxSandbox(memory_mb=48).run("def f(x): return len(x)", texts)
    assert isinstance(outcome, Ran)
    assert set(outcome.predictions) == {10_000}
    standby.close()
