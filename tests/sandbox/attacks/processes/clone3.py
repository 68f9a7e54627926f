"""Forks with a system call whose arguments no filter can read.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    arguments = bytes(32) + (17).to_bytes(8, "little") + bytes(24)
    got = libc().syscall(NR_clone3, arguments, 64)
    if got == 0:
        libc().syscall(NR_exit_group, 0)
    return "ESCAPED" if got > 0 else ""
