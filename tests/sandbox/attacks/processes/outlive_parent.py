"""Takes back that it dies with its parent.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    return "ESCAPED" if libc().prctl(1, 0, 0, 0, 0) == 0 else ""
