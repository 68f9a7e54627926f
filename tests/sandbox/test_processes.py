"""Whatever happens to the parent or to a zygote, no process stays behind, and none is missed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import seccompy

from llmerm.sandbox.linux import LinuxSandbox
from llmerm.typing import Failed, Ran

from .conftest import BITS, LEVELS, at_level, predictions

PARITY = "def f(x): return x.count('1') % 2"
EXPECTED = tuple(x.count("1") % 2 for x in BITS)
SOURCES = Path(__file__).parents[2] / "src"
SCRIPT = """
import signal, sys, time
from llmerm.sandbox.linux import LinuxSandbox
signal.signal(signal.SIGINT, signal.default_int_handler)  # some job runners ignore it
with LinuxSandbox(cpu_seconds=30.0, _layers={layers!r}).session(["0"], workers=2) as session:
    print(session.run("def f(x): return 1"), flush=True)
    {then}
"""
RUNNING = "session.run('while True: pass')"
IDLE = "time.sleep(60)"
ASLEEP = "session.run('import time; time.sleep(60)')"


def processes() -> dict[int, int]:
    """Each process that is no zombie, with its parent."""
    found = {}
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found[int(path.name)] = int(fields[1])
    return found


def descendants(root: int) -> set[int]:
    family, parents = {root}, processes()
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {root}


def kill(pids: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # it may end with the one before it
            os.kill(pid, signal.SIGKILL)


def eventually(holds: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


@pytest.fixture
def parent(request: pytest.FixtureRequest, level: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own with a session, which is doing what the parameter says."""
    at_level(level)  # skips where the host has no such level
    script = SCRIPT.format(layers=LEVELS[level], then=request.param)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline().startswith("Ran("), process.stderr.read()
        time.sleep(0.2)  # it has started what it does next
        yield process
        process.kill()
        process.wait()


@pytest.mark.parametrize("parent", [RUNNING, IDLE, ASLEEP], indirect=True)
def test_killed_parent(parent: subprocess.Popen[str]) -> None:
    """When the parent is killed outright, every process of the session ends by itself."""
    family = descendants(parent.pid)
    assert family
    parent.kill()
    parent.wait()
    assert eventually(lambda: not family & set(processes()))


@pytest.mark.parametrize("parent", [RUNNING, IDLE], indirect=True)
def test_interrupted_parent(parent: subprocess.Popen[str]) -> None:
    """Ctrl-C in the parent ends everything, and only the parent has something to say."""
    family = descendants(parent.pid)
    assert family
    os.killpg(parent.pid, signal.SIGINT)  # what a terminal does: the whole foreground group
    assert parent.wait(timeout=20) == -signal.SIGINT
    assert parent.stderr is not None
    said = parent.stderr.read()
    assert said.count("Traceback") == 1
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert eventually(lambda: not family & set(processes()))


def test_closed_session(level: str) -> None:
    """Closing ends every process, and no one has to wait for it."""
    before = descendants(os.getpid())
    with at_level(level).session(BITS) as session:
        assert isinstance(session.run(PARITY), Ran)
        family = descendants(os.getpid()) - before
        assert family
    assert eventually(lambda: not family & set(processes()), seconds=2)


def test_forgotten_session(level: str) -> None:
    """A session that nobody refers to any more ends its processes."""
    before = descendants(os.getpid())
    session = at_level(level).session(BITS)
    assert isinstance(session.run(PARITY), Ran)
    family = descendants(os.getpid()) - before
    assert family
    del session
    assert eventually(lambda: not family & set(processes()))


def test_zygote_killed_while_idle(level: str) -> None:
    """A zygote that dies between candidates is replaced, and no candidate is blamed."""
    before = descendants(os.getpid())
    with at_level(level).session(BITS) as session:
        for _ in range(2):
            assert predictions(session.run(PARITY)) == EXPECTED
            kill(descendants(os.getpid()) - before)


def wait_for_more_than(resting: set[int]) -> None:
    """Until a candidate's own process is there, and has had time to begin."""
    while descendants(os.getpid()) <= resting:
        time.sleep(0.01)
    time.sleep(0.4)


def test_zygote_killed_while_running(level: str) -> None:
    """A zygote that dies under a candidate gives it a reason; the next one gets a new zygote."""
    before = descendants(os.getpid())

    with at_level(level, cpu_seconds=20.0).session(BITS) as session:
        assert isinstance(session.run(PARITY), Ran)
        resting = descendants(os.getpid())

        def strike() -> None:
            wait_for_more_than(resting)
            kill(descendants(os.getpid()) - before)

        threading.Thread(target=strike).start()
        outcome = session.run("while True: pass")
        assert isinstance(outcome, Failed)
        assert outcome.reason == "crash"  # its own death may be seen before the zygote's
        assert predictions(session.run(PARITY)) == EXPECTED


def test_child_killed(level: str) -> None:
    """A candidate's own process that is killed from outside is a crash, and costs no zygote."""
    with at_level(level, cpu_seconds=20.0).session(BITS) as session:
        assert isinstance(session.run(PARITY), Ran)
        resting = descendants(os.getpid())

        def strike() -> None:
            wait_for_more_than(resting)
            kill(descendants(os.getpid()) - resting)

        threading.Thread(target=strike).start()
        assert session.run("while True: pass") == Failed("crash", "ended by signal 9 (Killed)")
        assert descendants(os.getpid()) == resting
        assert isinstance(session.run(PARITY), Ran)


def test_no_descriptor_leaks(sandbox: LinuxSandbox) -> None:
    """Sessions give their descriptors back, and many open ones in the parent do no harm."""
    count = len(os.listdir("/proc/self/fd"))
    many = [os.open("/dev/null", os.O_RDONLY) for _ in range(300)]
    try:
        with sandbox.session(BITS, workers=2) as session:
            assert predictions(session.run(PARITY)) == EXPECTED
            source = (
                "import os\ndef f(x):\n    kept = []\n    for fd in range(2048):\n"
                "        try: os.fstat(fd); kept.append(fd)\n        except OSError: pass\n"
                "    return kept"
            )
            ran = session.run(source, subset=[0])
            assert isinstance(ran, Ran | Failed)
            lseek = source.replace("os.fstat(fd)", "os.lseek(fd, 0, 1)").replace(
                "except OSError: pass",
                "except OSError as e:\n            if e.errno != 9: kept.append(fd)",
            )
            ran = session.run(lseek, subset=[0])
            assert predictions(ran) == ([0, 1, 2, 3],)
    finally:
        for fd in many:
            os.close(fd)
    assert len(os.listdir("/proc/self/fd")) == count


def test_no_trace_in_the_zygote(level: str) -> None:
    """After a candidate, the zygote's memory holds neither its source nor its answers."""
    source, answer = b"trace-of-the-source", b"answer:24:answer:24"
    before = descendants(os.getpid())
    program = f"# {source.decode()}\ndef f(x): return 'answer:24' + ':answer:24'"
    with at_level(level).session(BITS) as session:
        ran = session.run(program)
        assert isinstance(ran, Ran), ran
        assert ran.predictions[0] == answer.decode()
        zygotes = descendants(os.getpid()) - before
        assert holds(zygotes, BITS[-1].encode())  # the search can find
        # It forgets once the parent has everything, and before it forks again.
        assert eventually(lambda: not holds(zygotes, source) and not holds(zygotes, answer))


def holds(pids: set[int], data: bytes) -> bool:
    return any(data in memory_of(pid) for pid in pids)


def memory_of(pid: int) -> bytes:
    parts = []
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                if " rw-p " in line:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    memory.seek(start)
                    parts.append(memory.read(end - start))
    except PermissionError:
        pytest.skip("the memory of other processes cannot be read here")
    return b"".join(parts)


_DROP = 'mount --bind "$0" /mnt && exec setpriv --reuid 1000 --regid 1000 --clear-groups "$@"'


@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user already")
@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs unshare and setpriv")
def test_ordinary_user(level: str) -> None:
    """An ordinary user gets the same walls as root, and the same predictions."""
    at_level(level)
    then = "print(session.run(\"def f(x): return open('/etc/passwd').read()\"))"
    packages = str(Path(seccompy.__file__).parents[1])
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as home:  # a copy, and the interpreter, within reach
        Path(home).chmod(0o755)
        shutil.copytree(SOURCES / "llmerm", Path(home) / "llmerm")
        script = SCRIPT.format(layers=LEVELS[level], then=then)
        dropped = ["unshare", "--mount", "sh", "-c", _DROP, sys.base_prefix]
        done = subprocess.run(
            [*dropped, f"/mnt/bin/{version}", "-c", script],
            env={
                "PYTHONPATH": f"{home}:{packages}",
                "PATH": os.environ["PATH"],
                "LD_LIBRARY_PATH": "/mnt/lib",  # where an interpreter may have its library
            },
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("Ran(predictions=(1,)")
    assert second.startswith("Ran(predictions=(SampleError(kind='PermissionError'")
