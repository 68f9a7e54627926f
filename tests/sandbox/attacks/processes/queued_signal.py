"""Kills its parent with the system call that queues a signal with data.

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
    return "ESCAPED" if libc().sigqueue(os.getppid(), 9, 0) == 0 else ""
