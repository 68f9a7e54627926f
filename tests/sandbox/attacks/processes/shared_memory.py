"""Makes a shared memory segment, which outlives the process.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    return "ESCAPED" if libc().shmget(4711, 64, 0o1600) >= 0 else ""
