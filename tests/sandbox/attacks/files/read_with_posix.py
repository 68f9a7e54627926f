"""Reads a file with the plain system calls of `posix`.

Runs. Works bare.
"""


def f(x):
    import posix

    posix.read(posix.open("/etc/passwd", 0), 10)
    return "ESCAPED"
