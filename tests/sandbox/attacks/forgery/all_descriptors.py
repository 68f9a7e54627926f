"""Writes to every other descriptor, one of which might be the parent's.

Runs.
"""


def f(x):
    import os

    for fd in range(4, 256):
        try:
            os.write(fd, b"\x02" * 64)
            return "ESCAPED"
        except OSError:
            pass
    return 0
