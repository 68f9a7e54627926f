"""Forks with the system call that shares the memory.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    got = libc().syscall(NR_vfork)
    if got == 0:
        libc().syscall(NR_exit, 0)
    return "ESCAPED" if got > 0 else ""
