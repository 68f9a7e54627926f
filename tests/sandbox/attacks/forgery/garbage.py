"""Writes bytes into its reply that are no text.

Fails: bad_reply.
"""


def f(x):
    import os

    os.write(3, b"\xff\x00garbage\n")
    return 0
