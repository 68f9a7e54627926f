"""Work that blocks its caller: what an interrupt does to it, with and without a loop around it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import llmerm
from llmerm import loops

FIT = """
import llmerm
endless = "def f(x):\\n    while True: pass"
proposer = llmerm.ScriptedProposer(["def f(x): return 1"] + [endless] * 9)
box = llmerm.sandbox.default(cpu_seconds=300)
tell = lambda at: print("judged", at.drawn, flush=True)
result = llmerm.fit([(i, i % 2) for i in range(80)], 12, proposer=proposer, sandbox=box, progress=tell)
print("kept", result.stopped, len(result.candidates), flush=True)
"""


@contextlib.contextmanager
def session(arguments, lines):
    """A Python process that reads `lines`, its two streams as one."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHON_BASIC_REPL": "1"},
    )  # fmt: skip
    try:
        process.stdin.write(lines)
        process.stdin.flush()
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process, word):
    """What the process says up to a line with the word."""
    told = ""
    while word not in told:
        line = process.stdout.readline()
        assert line, told
        told += line
    return told


@pytest.mark.parametrize("kind", [["-i", "-q"], ["-m", "asyncio"]], ids=["no loop", "in a loop"])
def test_in_a_session_an_interrupted_fit_gives_back_the_best_so_far(kind):
    """Where Python prompts, with its loop running or none; the same process then ends by itself."""
    with session(kind, FIT) as process:
        read_until(process, "judged 1")
        process.send_signal(signal.SIGINT)
        told = read_until(process, "kept")
        assert "kept interrupted 1" in told
        assert "interrupted: this is the best of 1 judged candidates, of at most 12." in told


def test_in_a_script_an_interrupted_fit_is_an_interrupt():
    """Also where something was judged: a script that fits in a loop can be ended."""
    with session(["-"], FIT) as process:
        process.stdin.close()
        process.stdin = None
        read_until(process, "judged 1")
        process.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in read_until(process, "KeyboardInterrupt")
        assert process.wait(30) == -signal.SIGINT


def test_a_fit_that_others_cancel_is_cancelled():
    """`fit_async` keeps nothing, though a person types: who cancels has a loop to mind."""
    code = """
        import asyncio, sys, llmerm
        sys.ps1 = ">>> "
        async def main():
            judged = asyncio.Event()
            endless = "def f(x):\\n    while True: pass"
            fit = asyncio.ensure_future(llmerm.fit_async(
                [(i, i % 2) for i in range(80)],
                proposer=llmerm.ScriptedProposer(["def f(x): return 1"] + [endless] * 9),
                sandbox=llmerm.sandbox.default(cpu_seconds=300), progress=lambda at: judged.set()))
            await judged.wait()
            fit.cancel()
            print(type((await asyncio.gather(fit, return_exceptions=True))[0]).__name__)
        asyncio.run(main())
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60
    )
    assert ended.stdout.strip() == "CancelledError", ended.stderr


def interrupted_soon():
    """Ctrl-C in a moment."""
    main = threading.main_thread().ident
    threading.Timer(0.2, signal.pthread_kill, [main, signal.SIGINT]).start()


async def kept_or_not(done, *, after=0.0):
    """Waits to be interrupted; then takes `after` seconds to tidy up."""
    with loops.keeping(done) as interrupted:
        interrupted_soon()
        await asyncio.sleep(60)
    if interrupted and after:
        interrupted_soon()
        await asyncio.sleep(after)
    return "kept"


def called(work, *, in_a_loop, keeps=True):
    """What blocking on the work gives: in a plain function, or in one that a loop runs."""
    if not in_a_loop:
        return loops.blocking(work, keeps=keeps)

    async def around():
        return loops.blocking(work, keeps=keeps)

    loop = asyncio.new_event_loop()  # not asyncio.run, which would take the signal for itself
    try:
        return loop.run_until_complete(around())
    finally:
        loop.close()


@pytest.fixture
def prompting(monkeypatch):
    """As in a session, where `sys.ps1` is the prompt."""
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)


@pytest.mark.parametrize("in_a_loop", [False, True])
class TestAnInterrupt:
    """What Ctrl-C does, without a loop around and with one."""

    def test_is_answered_with_what_is_done(self, prompting, in_a_loop):
        """The work returns, at once."""
        started = time.monotonic()
        assert called(kept_or_not([1]), in_a_loop=in_a_loop) == "kept"
        assert time.monotonic() - started < 30

    def test_is_raised_where_nothing_is_done(self, prompting, in_a_loop):
        """There is nothing to return."""
        with pytest.raises(KeyboardInterrupt):
            called(kept_or_not([]), in_a_loop=in_a_loop)

    def test_is_raised_the_second_time(self, prompting, in_a_loop):
        """While the work ends, one more ends that."""
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            called(kept_or_not([1], after=60), in_a_loop=in_a_loop)
        assert time.monotonic() - started < 30

    def test_is_raised_in_a_script(self, monkeypatch, in_a_loop):
        """Nobody is asked for a line, so nobody sees what was kept."""
        monkeypatch.delattr(sys, "ps1", raising=False)
        with pytest.raises(KeyboardInterrupt):
            called(kept_or_not([1]), in_a_loop=in_a_loop)

    def test_is_raised_for_callers_that_want_all_or_nothing(self, prompting, in_a_loop):
        """Sweeps and baselines, which would take half a fit for a whole one."""
        with pytest.raises(KeyboardInterrupt):
            called(kept_or_not([1]), in_a_loop=in_a_loop, keeps=False)


def test_what_runs_inside_is_not_kept(prompting):
    """A task that the work starts is cancelled like any other."""
    inner = []

    async def part():
        try:
            with loops.keeping([1]):
                await asyncio.sleep(60)
        except asyncio.CancelledError:
            inner.append("cancelled")
            raise

    async def work():
        with loops.keeping([1]):
            task = asyncio.ensure_future(part())
            await asyncio.sleep(0)
            interrupted_soon()
            await task
        return "kept"

    assert loops.blocking(work(), keeps=True) == "kept"
    assert inner == ["cancelled"]


def test_an_error_inside_is_the_callers(prompting):
    """An exception is no interrupt."""

    async def work():
        with loops.keeping([1]):
            raise llmerm.LlmermError("inside")

    with pytest.raises(llmerm.LlmermError, match="inside"):
        loops.blocking(work(), keeps=True)


def test_works_of_several_threads_are_ended_from_another():
    """Those that run and those that begin later; each cleans up, and none is waited for in vain."""
    works, cleaned = loops.Works(), []
    started = threading.Barrier(4, timeout=30)

    async def long(number):
        try:
            await asyncio.to_thread(started.wait)
            await asyncio.sleep(3600)
        finally:
            cleaned.append(number)

    def run(number):
        with pytest.raises(asyncio.CancelledError):
            works.call(loops.blocking, long(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    started.wait()
    works.stop()
    for thread in threads:
        thread.join(30)
    assert sorted(cleaned) == [0, 1, 2]
    with pytest.raises(asyncio.CancelledError):
        works.call(loops.blocking, asyncio.sleep(3600))
    assert loops.blocking(asyncio.sleep(0, "as before")) == "as before"
