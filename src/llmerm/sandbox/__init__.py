"""Where candidate programs run: apart from this process, with no way to its files or secrets."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from llmerm.errors import ArgumentError
from llmerm.sandbox.base import Sandbox, Session

if TYPE_CHECKING:
    from llmerm.sandbox.linux import LinuxSandbox

# `MontySandbox` is here too, where its package is installed.
__all__ = ["LinuxSandbox", "Sandbox", "Session", "default"]


def default(
    cpu_seconds: float = 1.0,
    memory_mb: int = 512,
    *,
    unsafe: bool = False,
    strict: bool = False,
    allow: tuple[str, ...] = (),
) -> Sandbox:
    """The best sandbox that this host offers; its `isolation` says what is enforced.

    That is `LinuxSandbox` where the kernel filters system calls (seccomp), else `MontySandbox`
    where pydantic-monty is installed, which runs a part of Python only. `llmerm doctor` shows it.

    Args:
        cpu_seconds: CPU time for loading a program, and again for each started block of 1,000
            inputs that it runs on.
        memory_mb: memory in MiB that a program may take.
        unsafe: run even where the host cannot filter system calls (no seccomp). Programs then
            have this user's files, network and processes within reach: for trusted ones only.
        strict: give each process one input only, so that no program can compare its inputs or
            remember one: every call is made in a fresh process, at some 2 to 3 ms an input.
        allow: installed packages, such as "numpy", that programs may import beyond the standard
            library; `modules` of the sandbox lists all that they may.

    Raises:
        NoSandboxError: if this host cannot run untrusted code safely, and `unsafe` is False.
        ArgumentError: if a limit is not positive, or a package is not to be had.

    >>> with default(cpu_seconds=0.5).session(["01", "11"]) as session:
    ...     session.run("def f(x): return x.count('1') % 2").predictions
    (1, 0)
    """
    # The backends load what only some hosts have.
    from llmerm.sandbox.probe import probe

    host = probe()
    if host.fork and (host.seccomp or unsafe):
        from llmerm.sandbox.linux import LinuxSandbox

        return LinuxSandbox(cpu_seconds, memory_mb, unsafe=unsafe, strict=strict, allow=allow)
    if strict or not monty_installed():
        raise host.unsafe()
    from llmerm.sandbox.monty import MontySandbox

    if allow:
        raise ArgumentError(
            f"`allow` names {', '.join(allow)}, but this host has only Monty, which loads no "
            f"packages. {host.lacks()} Leave `allow` out, or use a Linux host with seccomp."
        )
    return MontySandbox(cpu_seconds, memory_mb)


def resolve(sandbox: str | Sandbox) -> Sandbox:
    """The sandbox itself, or for "auto" the best that this host offers.

    Raises:
        ArgumentError: if it is neither.
        NoSandboxError: if this host cannot run untrusted code safely.
    """
    if isinstance(sandbox, Sandbox):
        return sandbox
    if sandbox == "auto":
        return default()
    raise ArgumentError(
        f"`sandbox` must be 'auto' or a Sandbox, got {sandbox!r:.60}. To set limits use "
        "llmerm.sandbox.default(cpu_seconds=..., memory_mb=...)."
    )


def monty_installed() -> bool:
    """Whether the package behind `MontySandbox` is there."""
    try:
        return find_spec("pydantic_monty") is not None
    except ValueError:  # a module without a specification, as some tools leave it behind
        return False


def __getattr__(name: str) -> object:
    if name == "LinuxSandbox":
        from llmerm.sandbox.linux import LinuxSandbox

        return LinuxSandbox
    if name == "MontySandbox":
        from llmerm.sandbox.monty import MontySandbox

        return MontySandbox
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
