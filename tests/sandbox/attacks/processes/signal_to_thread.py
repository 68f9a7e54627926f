"""Kills its parent with the system call for threads.

Runs.
"""

import os


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    return "ESCAPED" if libc().syscall(NR_tgkill, os.getppid(), os.getppid(), 9) == 0 else ""
