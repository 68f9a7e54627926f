"""Writes an integer that takes long to read.

Fails: bad_reply.
"""


def f(x):
    import os

    os.write(3, b"[[" + b"9" * 100_000 + b"],{}]\n")
    return 0
