"""Maps memory that is writable and executable.

Runs. Works bare.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    return "ESCAPED" if libc().mmap(0, 4096, 7, 0x22, -1, 0) != -1 else ""
