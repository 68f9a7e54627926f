"""The long-lived process of the sandbox: it holds the inputs, and forks a child a candidate.

The parent starts it from its source (`python -c`), so that nothing of the library is needed inside;
the sources of child.py, held.py and relay.py come with the first message. It loads the modules,
takes the inputs, locks itself in, and then serves: it reads a request, forks, passes on what the
child writes, and ends the child when its time is up, or the parent has seen enough. It never runs a
candidate's code, and never reads a child's reply.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import marshal
import os
import resource
import sys
from signal import SIG_IGN, SIGINT, SIGKILL, signal
from struct import Struct

TYPE_CHECKING = False  # importing `typing` for its names alone would slow the start
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn, TypedDict

    from llmerm.sandbox.child import Lock
    from llmerm.sandbox.held import Inputs

    class Setup(TypedDict):
        """What the parent tells the zygote before anything else."""

        child: str  # the source of child.py
        held: str  # of held.py
        relay: str  # and of relay.py
        modules: tuple[str, ...]
        packages: tuple[str, ...]  # what else is loaded, from these folders
        folders: tuple[str, ...]
        inputs: tuple[Any, ...]  # as held.py takes them
        filter: bytes  # the seccomp program; empty for none, if the user said so
        landlock: bytes  # the ruleset that denies everything; empty for none
        nobody: bool  # whether to give up root
        cpu_seconds: float
        memory_bytes: int
        seed: int


LENGTH = Struct("<Q")  # of the setup
REQUEST = Struct("<II")  # the length of what follows, the number of calls
STOP = REQUEST.pack(0, 0)  # ends the candidate that runs; ignored where it comes too late
FRAME = Struct("<BI")  # the kind, the length of what follows
REPORT = Struct("<Bid")  # how it ended (see relay.py), exit code or minus the signal, CPU seconds
SERVING, DATA, END = range(3)  # the kinds of frames

_PRIVATE = ("_ctypes", "ctypes", "ctypes._endian", "fcntl", "resource", "select", "signal")
_FOR_DEVELOPERS = ("ctypeslib", "f2py", "test", "testing", "typing")  # large parts of packages
_NOBODY = 65534
_PR_SET_NO_NEW_PRIVS = 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446


class Parent:
    """The socket to the parent. Without the parent the process has no purpose, and ends."""

    def __init__(self, fd: int) -> None:
        self.fd = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 64)  # leaves the small numbers free
        os.close(fd)

    def read(self, size: int) -> bytearray:
        """Exactly `size` bytes."""
        data = bytearray(size)
        view = memoryview(data)
        while view:
            got = os.readv(self.fd, [view])
            if not got:
                os._exit(0)
            view = view[got:]
        return data

    def stop(self) -> None:
        """Takes the word that the candidate is to be ended."""
        self.read(REQUEST.size)

    def pass_on(self, data: memoryview) -> None:
        """Sends what the candidate wrote."""
        self.send((DATA, data))

    def send(self, *frames: tuple[int, bytes | memoryview]) -> None:
        """The frames, each a kind and its data, in as few system calls as the socket takes."""
        parts = [memoryview(part) for f in frames for part in (FRAME.pack(f[0], len(f[1])), f[1])]
        try:
            while parts:
                parts = _without(parts, os.writev(self.fd, parts))
        except ConnectionError:
            os._exit(0)


def _without(parts: list[memoryview], size: int) -> list[memoryview]:
    """What is left of them after the first `size` bytes."""
    while parts and size >= len(parts[0]):
        size -= len(parts.pop(0))
    return [parts[0][size:], *parts[1:]] if parts else []


# ---- start --------------------------------------------------------------------------------------


def main(fd: int, proc: int) -> None:
    """Sets the process up as the parent says, and serves until the parent is gone.

    Args:
        fd: the descriptor of the socket to the parent.
        proc: a descriptor of the host's /proc, to be closed before anything untrusted is near;
            -1 where there is none.
    """
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    parent = Parent(fd)
    setup: Setup = marshal.loads(parent.read(*LENGTH.unpack(parent.read(LENGTH.size))))
    child, held, relay = (_module(name, setup[name]) for name in ("child", "held", "relay"))
    inputs = held.Inputs(setup["inputs"])
    _preload(setup)
    child.learn_scalars(sys.modules.get("numpy"))
    os.environ.clear()
    lock = child.Lock(setup["filter"], _address_space(proc) + setup["memory_bytes"])
    child.warm_up()
    os.closerange(3, 64)
    _lock_in(lock.libc, setup)
    gc.collect()
    gc.freeze()
    os.dup2(1, 2)  # standard error was open for what goes wrong at the start
    parent.send((SERVING, b""))
    _serve(parent, child, relay, lock, inputs, cpu_seconds=setup["cpu_seconds"])


def _module(name: str, source: str) -> ModuleType:
    module = type(sys)(name)
    exec(compile(source, f"<{name}>", "exec"), vars(module))
    return module


def _preload(setup: Setup) -> None:
    """Loads what candidates may import, and closes the import system for good."""
    register, os.register_at_fork = os.register_at_fork, _ignored
    for name in setup["modules"]:
        __import__(name)
    sys.path += setup["folders"]
    for name in setup["packages"]:
        _load_whole(name)
    os.register_at_fork = register
    for name in _PRIVATE:
        sys.modules.pop(name, None)
    for name in sys.modules.keys() & {"random", "numpy.random"}:
        sys.modules[name].seed(setup["seed"])
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()
    sys.meta_path.clear()


def _load_whole(package: str) -> None:
    """Imports it, and those of its parts that it would import only on their first use."""
    __import__(package)
    module = sys.modules[package]
    for name in getattr(module, "__all__", ()):
        if name not in _FOR_DEVELOPERS:
            getattr(module, name, None)


def _ignored(**_hooks: object) -> None:
    """In place of `os.register_at_fork`: `random` would draw a new seed in each child."""


def _address_space(proc: int) -> int:
    """The bytes mapped so far; 0 where /proc is missing, which makes the limit stricter."""
    try:
        statm = os.open("self/statm", os.O_RDONLY, dir_fd=proc)
    except OSError:
        return 0
    pages = int(os.read(statm, 100).split()[0])
    os.close(statm)
    os.close(proc)
    return pages * resource.getpagesize()


def _lock_in(libc: ctypes.CDLL, setup: Setup) -> None:
    """The walls around the zygote itself; its children inherit them."""
    if setup["nobody"]:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    if rules := setup["landlock"]:
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, rules, len(rules), 0)
        if ruleset < 0 or libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "landlock refused its ruleset")
        os.close(ruleset)


# ---- service ------------------------------------------------------------------------------------


def _serve(
    parent: Parent,
    child: ModuleType,
    relay: ModuleType,
    lock: Lock,
    inputs: Inputs,
    *,
    cpu_seconds: float,
) -> NoReturn:
    buffer = bytearray(1 << 16)
    while True:
        size, calls = REQUEST.unpack(parent.read(REQUEST.size))
        if not size:  # a stop, for a candidate that has ended by itself
            continue
        request = parent.read(size)
        cpu = relay.allowances(cpu_seconds, calls)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            child.run(lock, writing, request, inputs, cpu=sum(cpu))
        os.close(writing)
        passing = relay.Relay(parent, reading, buffer, 2 - -calls // child.CHUNK)
        how = passing.run(relay.Allowance(pid, cpu[0]), cpu[1])
        os.close(reading)
        last = [(DATA, passing.held)] if passing.held else []
        parent.send(*last, (END, _report(pid, how)))
        # The next child must find nothing of this candidate.
        request[:] = bytes(size)
        buffer[: passing.touched] = bytes(passing.touched)


def _report(pid: int, how: int) -> bytes:
    os.kill(pid, SIGKILL)  # it has ended, or closed its reply: nothing more can come of it
    before = _cpu_of_children()
    _, status = os.waitpid(pid, 0)
    return REPORT.pack(how, os.waitstatus_to_exitcode(status), _cpu_of_children() - before)


def _cpu_of_children() -> float:
    """CPU seconds of all children so far; os.wait4 would import `resource`, which is hidden."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
