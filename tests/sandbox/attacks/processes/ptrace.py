"""Takes its parent over as a debugger does.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    import os

    return "ESCAPED" if libc().ptrace(16, os.getppid(), 0, 0) == 0 else ""
