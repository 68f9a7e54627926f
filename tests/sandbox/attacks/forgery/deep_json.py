"""Writes brackets without end, so that the reader recurses.

Fails: bad_reply.
"""


def f(x):
    import os

    os.write(3, b"[" * 100_000 + b"\n")
    return 0
