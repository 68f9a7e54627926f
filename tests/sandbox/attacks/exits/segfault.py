"""Writes to an address that is not mapped.

Fails: crash.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    libc().memset(1, 0, 8)
