"""The seccomp filter of a candidate: the few system calls that pure computation needs.

Everything else fails with EPERM; a call through a foreign architecture's table kills the process.
There is no open, socket, clone, fork, exec, kill, prctl or ioctl, memory can never be made
executable, and writing is possible only to the null device and to the reply pipe.
"""

from __future__ import annotations

import errno
import functools
import mmap

ALLOWED: tuple[str, ...] = (
    "brk",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "close",
    "exit",
    "exit_group",
    "fstat",
    "futex",
    "getegid",
    "geteuid",
    "getgid",
    "getpid",
    "getppid",
    "getrandom",
    "getrusage",
    "gettid",
    "gettimeofday",
    "getuid",
    "lseek",
    "madvise",
    "mremap",
    "munmap",
    "nanosleep",
    "read",
    "restart_syscall",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sched_yield",
    "sigaltstack",
    "time",
    "times",
)
"""Allowed whatever their arguments; names that an architecture does not have are left out."""

NOT_EXECUTABLE: tuple[str, ...] = ("mmap", "mprotect")
"""Allowed while their third argument, the protection, leaves PROT_EXEC clear."""

WRITABLE: tuple[int, ...] = (1, 2, 3)
"""The descriptors that `write` may go to: standard output and error (null), and the reply pipe."""


@functools.cache
def program() -> bytes:
    """The filter as packed BPF instructions for this machine's architecture.

    >>> len(program()) % 8
    0
    """
    # Imported here: only Linux has it, and only a process that starts sandboxes needs it.
    from seccompy import Action, ArgCmp, CmpOp, Filter

    rules = Filter(default=Action.ERRNO | errno.EPERM)
    for fd in WRITABLE:
        rules.allow("write", args={0: fd})
    for name in NOT_EXECUTABLE:
        rules.allow(name, args=[ArgCmp(2, CmpOp.MASKED_EQ, 0, mask=mmap.PROT_EXEC)])
    for name in ALLOWED:
        if _exists(name):
            rules.allow(name)
    return rules.program


def _exists(name: str) -> bool:
    from seccompy import syscall_nr

    try:
        syscall_nr(name)
    except ValueError:
        return False
    return True
