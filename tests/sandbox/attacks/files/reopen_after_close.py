"""Frees descriptors first, so that a limit on their number does not help.

Runs.
"""


def f(x):
    import os

    for fd in range(3):
        os.close(fd)
    open("/etc/passwd").read()
    return "ESCAPED"
