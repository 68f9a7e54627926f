"""Each wall stands by itself: the filter's program, landlock, the namespaces, and the probe."""

from __future__ import annotations

import os
import platform
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmerm.sandbox import bwrap, filter, probe
from llmerm.sandbox.linux import LinuxSandbox, _ruleset
from llmerm.typing import Ran, SampleError

from .conftest import OFFERED

# ---- seccomp ------------------------------------------------------------------------------------

X86_64, I386, AARCH64 = 0xC000003E, 0x40000003, 0xC00000B7
ALLOW, EPERM, KILL = 0x7FFF0000, 0x00050001, 0x80000000
# Numbers from the kernel's table for x86_64, written down here so that they are a second opinion.
FORBIDDEN = {
    "open": 2,
    "stat": 4,
    "poll": 7,
    "ioctl": 16,
    "writev": 20,
    "select": 23,
    "shmget": 29,
    "dup2": 33,
    "setitimer": 38,
    "socket": 41,
    "connect": 42,
    "sendto": 44,
    "clone": 56,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "fcntl": 72,
    "chdir": 80,
    "ptrace": 101,
    "personality": 135,
    "prctl": 157,
    "setrlimit": 160,
    "mount": 165,
    "tkill": 200,
    "tgkill": 234,
    "keyctl": 250,
    "openat": 257,
    "unshare": 272,
    "prlimit64": 302,
    "process_vm_readv": 310,
    "seccomp": 317,
    "memfd_create": 319,
    "bpf": 321,
    "execveat": 322,
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "clone3": 435,
    "process_madvise": 440,
}
ALLOWED = {"read": 0, "close": 3, "brk": 12, "getpid": 39, "exit_group": 231, "getrandom": 318}
MMAP, MPROTECT, PKEY_MPROTECT, WRITE = 9, 10, 329, 1
x86_64_only = pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86_64")


def verdict(number: int, *arguments: int, arch: int = X86_64) -> int:
    """What the filter says of a call: an interpreter of classic BPF, written for this test."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    code = list(struct.iter_unpack("<HBBI", filter.program()))
    accumulator = position = 0
    while True:
        operation, if_true, if_false, constant = code[position]
        position += 1
        match operation:
            case 0x20:  # load a word
                accumulator = struct.unpack_from("<I", data, constant)[0]
            case 0x54:  # and
                accumulator &= constant
            case 0x05:  # jump
                position += constant
            case 0x15:  # jump if equal
                position += if_true if accumulator == constant else if_false
            case 0x06:  # return
                return int(constant)
            case _:
                raise AssertionError(f"an instruction that this interpreter lacks: {operation:#x}")


@x86_64_only
@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden_call(name: str) -> None:
    """A call that reaches beyond the process fails with EPERM, under the x32 number too."""
    assert verdict(FORBIDDEN[name]) == EPERM
    assert verdict(FORBIDDEN[name] | 0x40000000) == EPERM


@x86_64_only
@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_call(name: str) -> None:
    """What computation needs is allowed."""
    assert verdict(ALLOWED[name]) == ALLOW


@x86_64_only
def test_few_calls_are_allowed() -> None:
    """Of all numbers that a kernel may have, only the listed ones are allowed."""
    conditional = {WRITE, MMAP, MPROTECT}
    allowed = {n for n in range(2048) if verdict(n, 99, 0, 7) == ALLOW}
    assert len(allowed) == len(filter.ALLOWED)
    assert not allowed & (conditional | set(FORBIDDEN.values()))


@x86_64_only
@pytest.mark.parametrize("arch", [I386, AARCH64, 0])
def test_foreign_architecture(arch: int) -> None:
    """A call through another table of calls kills the process."""
    assert verdict(ALLOWED["read"], arch=arch) == KILL


@x86_64_only
@pytest.mark.parametrize("number", [MMAP, MPROTECT])
def test_executable_memory(number: int) -> None:
    """Memory can be had, but not to execute, with whatever other bits are set."""
    assert verdict(number, 0, 4096, 3) == ALLOW
    assert verdict(PKEY_MPROTECT, 0, 4096, 3) == EPERM
    for protection in (4, 5, 7, 4 | 0x01000000, 4 | 1 << 40):
        assert verdict(number, 0, 4096, protection) == EPERM


@x86_64_only
def test_write_goes_to_three_descriptors() -> None:
    """Writing is possible to standard output, standard error and the reply, and nowhere else."""
    assert [fd for fd in range(300) if verdict(WRITE, fd) == ALLOW] == [1, 2, 3]
    assert verdict(WRITE, 3 | 1 << 32) == EPERM


# ---- landlock -----------------------------------------------------------------------------------

MAKE_DIRECTORY = "import os\ndef f(x):\n    os.mkdir(x)\n    return 'made'"


@pytest.fixture
def directory() -> Iterator[str]:
    """A place in which anybody may make a directory."""
    path = f"/tmp/llmerm-layers-{os.getpid()}"
    yield path
    if os.path.isdir(path):
        os.rmdir(path)


@pytest.mark.skipif(not OFFERED["landlock"], reason="no landlock here")
def test_landlock_alone(directory: str) -> None:
    """Landlock refuses by itself what succeeds without it."""
    with LinuxSandbox(unsafe=True, _layers=("landlock",)).session([directory]) as session:
        outcome = session.run(MAKE_DIRECTORY)
    assert isinstance(outcome, Ran), outcome
    (denied,) = outcome.predictions
    assert isinstance(denied, SampleError), denied
    assert denied.kind == "PermissionError"
    assert denied.detail.startswith("[Errno 13]")
    with LinuxSandbox(unsafe=True, _layers=()).session([directory]) as session:
        ran = session.run(MAKE_DIRECTORY)
    assert isinstance(ran, Ran), ran
    assert ran.predictions == ("made",)


@pytest.mark.parametrize(
    ("abi", "words"),
    [
        (1, [2**13 - 1]),
        (2, [2**14 - 1]),
        (3, [2**15 - 1]),
        (4, [2**15 - 1, 3]),
        (5, [2**16 - 1, 3]),
        (6, [2**16 - 1, 3, 3]),
        (7, [2**16 - 1, 3, 3]),
    ],
)
def test_ruleset(abi: int, words: list[int]) -> None:
    """Each ABI is asked for all the rights it knows, and for none that it does not."""
    assert _ruleset(abi) == b"".join(word.to_bytes(8, "little") for word in words)


# ---- namespaces ---------------------------------------------------------------------------------

LOOK = """
import os
def f(x):
    try:
        os.stat(x)
    except OSError as error:
        return type(error).__name__
    return 'there'
"""


@pytest.mark.skipif(not OFFERED["namespaces"], reason="no namespaces here")
def test_namespaces_alone() -> None:
    """In its own root a process finds the interpreter, and nothing of the host's files."""
    paths = ["/usr", "/etc/passwd", "/proc/1", "/dev/null", "/tmp", "/home", str(Path.cwd())]
    with LinuxSandbox(unsafe=True, _layers=("namespaces",)).session(paths) as session:
        ran = session.run(LOOK)
        writing = session.run("import os\ndef f(x): os.mkdir('/new')")
        identity = session.run("import os\ndef f(x): return [os.getpid() < 9, os.getuid()]")
    assert isinstance(ran, Ran), ran
    assert ran.predictions == ("there", *["FileNotFoundError"] * (len(paths) - 1))
    assert isinstance(writing, Ran), writing
    assert all("Read-only file system" in str(p) for p in writing.predictions)
    assert isinstance(identity, Ran), identity
    assert identity.predictions[0] == [True, 65534]


def test_bubblewrap_command() -> None:
    """The command makes every namespace, clears the environment and mounts nothing writable."""
    command = bwrap.command("/bin/bwrap", {"A": "b"})
    for flag in ("--unshare-all", "--unshare-user", "--disable-userns", "--clearenv"):
        assert flag in command
    assert command[command.index("--cap-drop") + 1] == "ALL"
    assert command[command.index("--setenv") : command.index("--setenv") + 3] == [
        "--setenv",
        "A",
        "b",
    ]
    assert not {"--bind", "--dev-bind", "--proc", "--dev", "--share-net"} & set(command)


# ---- probe --------------------------------------------------------------------------------------


def fake_bubblewrap(folder: Path, script: str) -> None:
    path = folder / "bwrap"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_bubblewrap_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bubblewrap that cannot make namespaces is not used, and what it said is kept."""
    fake_bubblewrap(tmp_path, "echo 'bwrap: no permissions' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    host = probe.probe.__wrapped__()
    assert host.bwrap == ""
    assert "namespaces: bwrap: no permissions" in host.missing


def test_bubblewrap_of_the_system_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bubblewrap on the path is preferred to the one of a package."""
    fake_bubblewrap(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert probe.probe.__wrapped__().bwrap == str(tmp_path / "bwrap")


def test_no_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another system there is none of the layers, and each is named as missing."""
    monkeypatch.setattr("sys.platform", "darwin")
    host = probe.probe.__wrapped__()
    assert (host.seccomp, host.landlock, host.bwrap) == (False, 0, "")
    assert host.missing[0] == "seccomp: darwin does not have it"
    assert len(host.missing) == 3


def test_probe_is_asked_once() -> None:
    """The host is probed once in a process."""
    assert probe.probe() is probe.probe()
