"""A session: what it calls, which limits hold, threads, subsets, and its end."""

from __future__ import annotations

import pickle
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

import llmerm.sandbox
from llmerm.errors import ArgumentError, NoSandboxError, SandboxError
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox import default
from llmerm.sandbox.linux import LinuxSandbox
from llmerm.sandbox.modules import LOADED_ON_USE, MODULES
from llmerm.sandbox.pool import PooledSession
from llmerm.sandbox.probe import Host, probe
from llmerm.typing import Failed, Ran, Scored
from llmerm.verifier import Verifier

from .conftest import BITS, at_level, predictions

PARITY = "def f(x): return x.count('1') % 2"
EXPECTED = tuple(x.count("1") % 2 for x in BITS)

CHOSEN = {
    "f_first": "def g(x): return 1\ndef f(x): return 2\ndef h(x): return 3",
    "imported_f": "from math import cos as g\nfrom operator import truth as f\nf = lambda x: 2",
    "only_one": "def anything(x): return 2",
    "only_one_and_imports": "from math import sin, cos\nfrom functools import reduce\ndef g(x): return 2",
    "only_one_and_classes": "class A:\n    pass\ndef g(x): return 2",
    "only_one_twice": "def g(x): return 2\nh = g",
    "cached": "from functools import cache\n@cache\ndef g(x): return 2",
    "instance": "class A:\n    def __call__(self, x): return 2\na = A()",
    "lambda": "g = lambda x: 2",
    "class_f": "class f(int):\n    def __new__(cls, x): return 2",
}
REFUSED = {
    "": "empty",
    " \n\t\n": "empty",
    "# nothing": "no_function",
    "x = 1": "no_function",
    "f = 3": "no_function",
    "import math": "no_function",
    "from math import sin": "no_function",
    "class A: pass": "no_function",
    "def g(x): return 1\ndef h(x): return 2": "no_function",
    "def f(x:": "syntax_error",
    "def f(x): return 1\0": "syntax_error",
    "def f(x): return '\ud800'": "syntax_error",
    "(" * 300: "syntax_error",
    "return 1": "syntax_error",
    "def f(x): return 1\n" + "#" * 100_000: "too_long",
    "1 / 0\ndef f(x): return 1": "load_error",
    "import numpy\ndef f(x): return 1": "load_error",
    "import llmerm\ndef f(x): return 1": "load_error",
    "from math import nothing\ndef f(x): return 1": "load_error",
}


@pytest.mark.parametrize("name", CHOSEN)
def test_chosen_function(name: str, limited: PooledSession) -> None:
    """`f` is called, else the one function, lambda or callable object that the module defines."""
    ran = limited.run(CHOSEN[name])
    assert isinstance(ran, Ran), ran
    assert set(ran.predictions) == {2}


@pytest.mark.parametrize("source", REFUSED, ids=repr)
def test_reasons(source: str, limited: PooledSession) -> None:
    """What is no program that can be called has its reason."""
    outcome = limited.run(source)
    assert isinstance(outcome, Failed)
    assert outcome.reason == REFUSED[source], outcome


@pytest.mark.parametrize("nested", ["-" * 90_000 + "1", "a" + ".b" * 40_000, "1" + "+1" * 45_000])
def test_deep_source(nested: str, limited: PooledSession) -> None:
    """A source that is too deep for the compiler is a reason, and nothing breaks."""
    outcome = limited.run(f"x = lambda: {nested}")
    assert isinstance(outcome, Ran | Failed)
    assert predictions(limited.run(PARITY)) == EXPECTED


def test_every_listed_module(sandbox: LinuxSandbox) -> None:
    """Each module of the list can be imported inside, and all are of the standard library."""
    source = "import importlib\ndef f(x): return bool(importlib.import_module(x))"
    with sandbox.session(MODULES + LOADED_ON_USE) as session:
        ran = session.run(source)
    assert isinstance(ran, Ran), ran
    assert set(ran.predictions) == {True}
    assert {name.partition(".")[0] for name in MODULES} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "module", ["socket", "_socket", "subprocess", "ctypes", "_ctypes", "select", "mmap", "numpy"]
)
def test_other_modules(module: str, limited: PooledSession) -> None:
    """A module beyond the list is not found, which a program may catch."""
    source = (
        f"try:\n    import {module}\nexcept ModuleNotFoundError: found = False\n"
        "else: found = True\ndef f(x): return found"
    )
    ran = limited.run(source)
    assert isinstance(ran, Ran), ran
    assert set(ran.predictions) == {False}


def test_memory_limit(level: str) -> None:
    """The limit counts from what the process has before the candidate comes."""
    source = "def f(x): return len(bytearray(x * 2 ** 20))"
    with at_level(level, cpu_seconds=3.0, memory_mb=64).session([20, 56, 65, 1]) as session:
        ran = session.run(source)
    assert isinstance(ran, Ran), ran
    assert ran.predictions[:2] == (20 * 2**20, 56 * 2**20)
    assert getattr(ran.predictions[2], "kind", None) == "MemoryError"
    assert ran.predictions[3] == 2**20


def test_cpu_limit_grows_with_the_calls(level: str) -> None:
    """`cpu_seconds` is allowed for each started block of 1,000 inputs, and for loading."""
    busy = "import time\ndef f(x):\n    end = time.thread_time() + {}\n    while time.thread_time() < end: pass"
    with at_level(level, cpu_seconds=0.2).session([0] * 2_500) as session:
        assert isinstance(session.run(busy.format(0.4 / 2_500)), Ran)  # of 0.6 s
        assert session.run(busy.format(1.0 / 2_500)) == Failed("timeout", "its CPU time is up")
        assert isinstance(session.run(busy.format(0.1 / 500), subset=range(500)), Ran)
        outcome = session.run(busy.format(0.35 / 500), subset=range(500))
        assert outcome == Failed("timeout", "its CPU time is up")


def test_cpu_time_not_wall_time(sandbox: LinuxSandbox) -> None:
    """A program that sleeps a little is not held to the CPU limit, and its CPU time is told."""
    with LinuxSandbox(cpu_seconds=0.1).session([0]) as session:
        start = time.monotonic()
        ran = session.run("import time\ndef f(x): return time.sleep(0.3)")
        assert isinstance(ran, Ran), ran
        assert time.monotonic() - start >= 0.3
        assert 0 < ran.cpu_seconds < 0.1


def test_subset(limited: PooledSession) -> None:
    """A subset is run in its order, repeats included; the empty one gives nothing."""
    order = [5, 0, 23, 5]
    ran = limited.run(PARITY, subset=order)
    assert isinstance(ran, Ran), ran
    assert ran.predictions == tuple(EXPECTED[i] for i in order)
    assert predictions(limited.run(PARITY, subset=[])) == ()


@pytest.mark.parametrize("index", [-1, 24])
def test_subset_out_of_range(index: int, limited: PooledSession) -> None:
    """An index that no input has is named."""
    with pytest.raises(ArgumentError, match=f"the index {index}"):
        limited.run(PARITY, subset=[0, index])


def test_no_inputs(sandbox: LinuxSandbox) -> None:
    """A session over nothing runs, and predicts nothing."""
    with sandbox.session([]) as session:
        assert isinstance(session.run(PARITY), Ran)
        assert session.run("x = 1") == Failed("no_function", "it defines no function")


def test_many_inputs(sandbox: LinuxSandbox) -> None:
    """Ten thousand inputs come back in order, errors in their place."""
    with sandbox.session(range(10_000)) as session:
        ran = session.run("def f(x): return 1 // (x % 1000) + x")
    assert isinstance(ran, Ran), ran
    for x, prediction in enumerate(ran.predictions):
        if x % 1000:
            assert prediction == 1 // (x % 1000) + x
        else:
            assert getattr(prediction, "kind", "") == "ZeroDivisionError"


def test_threads(sandbox: LinuxSandbox) -> None:
    """Called from many threads, each call gets its own program's predictions."""
    inputs = list(range(50))
    with sandbox.session(inputs, workers=3) as session, ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda k: session.run(f"def f(x): return x * {k}"), range(60)))
        assert len(session._workers) <= 3
    for k, outcome in enumerate(outcomes):
        assert isinstance(outcome, Ran), outcome
        assert list(outcome.predictions) == [x * k for x in inputs]


def test_worker_outlives_the_thread_that_started_it(sandbox: LinuxSandbox) -> None:
    """A process is not bound to the thread that happened to start it."""
    opened: list[PooledSession] = []
    thread = threading.Thread(target=lambda: opened.append(sandbox.session(BITS)))
    thread.start()
    thread.join()
    with opened[0] as session:
        worker = session._idle[0]
        assert isinstance(session.run(PARITY), Ran)
        assert session._idle == [worker]


def test_same_every_time(sandbox: LinuxSandbox) -> None:
    """Set order, hashes and `random` are the same in each process; `hash_seed` changes them."""
    source = (
        "import random\nW = 'one two three four five six seven'.split()\n"
        "def f(x): return [list(set(W)), hash('x'), random.random()]"
    )
    told = []
    for seed in (0, 0, 1):
        with sandbox.session([1], hash_seed=seed) as session:
            told += [session.run(source), session.run(source)]
    answers = [list(t.predictions) for t in told if isinstance(t, Ran)]
    assert [a == b for a, b in pairwise(answers)] == [True, True, True, False, True]


SEARCH = """
import gc, sys

def parts(thing):
    if isinstance(thing, dict): return [*thing.keys(), *thing.values()]
    return list(thing) if isinstance(thing, (list, tuple, set)) else [thing]

def found(start):
    frame, things = sys._getframe(), gc.get_objects(generation=None)
    while frame:
        things.extend(frame.f_locals.values())
        frame = frame.f_back
    seen = dict()
    for _ in range(4):  # what can be reached from there in so many steps
        seen.update((id(thing), thing) for thing in things)
        new = [thing for thing in gc.get_referents(*things) if type(thing) is not int]
        things = [thing for thing in new if id(thing) not in seen]
    things = list(seen.values())
    seen.clear()  # the next search is not to find this one
    return any(type(p) is str and p.startswith(start) and p.endswith('-4711')
               for thing in things for p in parts(thing))

def f(x): return found({!r})
"""


def test_search_finds_what_is_there(sandbox: LinuxSandbox) -> None:
    """The search of the two tests below is able to find: it sees the other inputs."""
    with sandbox.session(["a", "input-4711"]) as session:
        assert predictions(session.run(SEARCH.format("input"), subset=[0])) == (True,)
        assert predictions(session.run(SEARCH.format("label"), subset=[0])) == (False,)


def test_nothing_stays(limited: PooledSession) -> None:
    """A candidate finds no object of the candidate before it."""
    both = "LEFT = '-'.join(['left', '4711'])" + SEARCH.format("left")
    assert predictions(limited.run(both, subset=[0])) == (True,)
    assert predictions(limited.run(SEARCH.format("left"), subset=[0])) == (False,)


def test_labels_are_nowhere(sandbox: LinuxSandbox) -> None:
    """A candidate that the verifier scores cannot find the labels to give them back."""
    label = "label-4711"
    cheat = "\ndef f(x): return '-'.join(['label', '4711']) if found('label') else 'none'"
    source = SEARCH.format("") + cheat
    samples = Samples.of([(c, label) for c in "abc"])
    with Verifier(sandbox, workers=1) as verifier:
        verdict = verifier.verify(Program(source), samples, samples)
    assert isinstance(verdict, Scored), verdict
    assert verdict.train_error == 1.0
    with sandbox.session(["a", label]) as session:  # were it there, the cheat would work
        assert predictions(session.run(source, subset=[0])) == (label,)


def test_closed(sandbox: LinuxSandbox) -> None:
    """A closed session says so, and closing twice is harmless."""
    session = sandbox.session(BITS)
    session.close()
    session.close()
    with pytest.raises(SandboxError, match="closed"):
        session.run(PARITY)


def test_close_while_running(sandbox: LinuxSandbox) -> None:
    """Closing from another thread ends a running candidate at once."""
    session = LinuxSandbox(cpu_seconds=30.0).session(BITS)
    threading.Timer(0.3, session.close).start()
    start = time.monotonic()
    outcome = session.run("while True: pass")
    assert time.monotonic() - start < 5
    assert outcome == Failed("crash", "its process was lost, and with it the reply")


def test_interrupted_run(sandbox: LinuxSandbox) -> None:
    """Ctrl-C in a run leaves a session that can be used, and no half-read reply in it."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    slow = "import time\ndef f(x):\n    time.sleep(0.05)\n    return 'late'"
    try:
        with sandbox.session(BITS) as session:
            assert predictions(session.run(PARITY)) == EXPECTED
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                session.run(slow)
            assert predictions(session.run(PARITY)) == EXPECTED
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(("cpu", "memory"), [(0, 1), (-1.0, 1), (1.0, 0), (float("nan"), 1)])
def test_limits(cpu: float, memory: int) -> None:
    """A limit that is none is refused, with its name and its value."""
    with pytest.raises(ArgumentError, match=r"`(cpu_seconds|memory_mb)` must be a positive number"):
        default(cpu, memory)


def test_session_arguments(sandbox: LinuxSandbox) -> None:
    """Workers and hash seeds out of range are refused."""
    with pytest.raises(ArgumentError, match="workers"):
        sandbox.session(BITS, workers=0)
    with pytest.raises(ArgumentError, match="hash_seed"):
        sandbox.session(BITS, hash_seed=-1)


def test_value_semantics() -> None:
    """A sandbox is a value: equal, hashable, immutable, and it travels to other processes."""
    sandbox = LinuxSandbox(cpu_seconds=0.5)
    assert pickle.loads(pickle.dumps(sandbox)) == sandbox
    assert len({sandbox, LinuxSandbox(0.5)}) == 1
    with pytest.raises(AttributeError):
        sandbox.cpu_seconds = 2.0  # type: ignore[misc]


def without(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    found = {name: getattr(probe(), name) for name in Host.__slots__} | changes
    for module in ("linux", "probe"):
        monkeypatch.setattr(f"llmerm.sandbox.{module}.probe", lambda: Host(**found))
    monkeypatch.setattr("llmerm.sandbox.monty_installed", lambda: False)


def test_no_seccomp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without seccomp there is no sandbox; the error says what is missing, and the only way past."""
    without(monkeypatch, seccomp=False, missing=("seccomp: this kernel has none",))
    with pytest.raises(NoSandboxError, match=r"seccomp: this kernel has none.*unsafe=True"):
        default()


def test_no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes cannot fork, not even `unsafe` helps."""
    without(monkeypatch, fork=False)
    with pytest.raises(NoSandboxError):
        default(unsafe=True)


def test_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without seccomp, `unsafe=True` runs with the other layers, and `isolation` says so."""
    without(monkeypatch, seccomp=False, landlock=0, bwrap="")
    sandbox = default(unsafe=True)
    assert sandbox.isolation.startswith("UNSAFE, no seccomp")
    with sandbox.session(BITS) as session:
        ran = session.run(PARITY)
        assert isinstance(ran, Ran), ran
        assert ran.predictions == EXPECTED
        assert session.run("while True: pass") == Failed("timeout", "its CPU time is up")


def test_unsafe_changes_nothing_on_a_good_host() -> None:
    """Asking for `unsafe` takes no layer away."""
    assert default(unsafe=True).isolation == default().isolation


def test_isolation(level: str) -> None:
    """Every layer in force is named."""
    line = at_level(level).isolation
    assert line.startswith("seccomp")
    assert ("landlock" in line) == (level != "seccomp")
    assert ("namespaces" in line) == (level == "full")
    assert line.endswith("resource limits")


def test_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process cannot come up, the error has what it said."""
    monkeypatch.setattr("llmerm.sandbox.modules.MODULES", ("no_such_module_here",))
    with (
        LinuxSandbox().session(BITS) as session,
        pytest.raises(SandboxError, match="no_such_module_here"),
    ):
        session.run(PARITY)


def test_no_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is nothing to start, the error names it."""
    monkeypatch.setattr("llmerm.sandbox.interpreter.path", lambda: "/no/such/python")
    with pytest.raises(SandboxError, match="no/such/python"):
        LinuxSandbox(_layers=("seccomp",)).session(BITS)


def test_public_names() -> None:
    """The names of the package are there, the backend's loaded on demand."""
    assert all(hasattr(llmerm.sandbox, name) for name in llmerm.sandbox.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = llmerm.sandbox.nothing
