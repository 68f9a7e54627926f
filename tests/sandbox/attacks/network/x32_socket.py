"""Makes a socket through the x32 numbers of the system calls.

Runs or fails: crash.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True)
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def f(x):
    return "ESCAPED" if libc().syscall(0x40000000 | NR_socket, 2, 1, 0) >= 0 else ""
