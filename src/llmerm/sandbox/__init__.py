"""Where candidate programs run: apart from this process, with no way to its files or secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmerm.sandbox.base import Sandbox, Session

if TYPE_CHECKING:
    from llmerm.sandbox.linux import LinuxSandbox

__all__ = ["LinuxSandbox", "Sandbox", "Session", "default"]


def default(
    cpu_seconds: float = 1.0, memory_mb: int = 512, *, unsafe: bool = False, strict: bool = False
) -> Sandbox:
    """The best sandbox that this host offers; its `isolation` says what is enforced.

    Args:
        cpu_seconds: CPU time for loading a program, and again for each started block of 1,000
            inputs that it runs on.
        memory_mb: memory in MiB that a program may take.
        unsafe: run even where the host cannot filter system calls (no seccomp). Programs then
            have this user's files, network and processes within reach: for trusted ones only.
        strict: give each process one input only, so that no program can compare its inputs or
            remember one: every call is made in a fresh process, at some 2 to 3 ms an input.

    Raises:
        NoSandboxError: if this host cannot run untrusted code safely, and `unsafe` is False.
        ArgumentError: if a limit is not positive.

    >>> with default(cpu_seconds=0.5).session(["01", "11"]) as session:
    ...     session.run("def f(x): return x.count('1') % 2").predictions
    (1, 0)
    """
    # The backends load what only some hosts have.
    from llmerm.sandbox.linux import LinuxSandbox

    sandbox = LinuxSandbox(cpu_seconds, memory_mb, unsafe=unsafe, strict=strict)
    sandbox.layers()
    return sandbox


def __getattr__(name: str) -> object:
    if name == "LinuxSandbox":
        from llmerm.sandbox.linux import LinuxSandbox

        return LinuxSandbox
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
