"""Writes an answer of its own into the reply, and then answers as well.

Fails: bad_reply.
"""


def f(x):
    import os

    os.write(3, b"[[0],{}]\n")
    return 0
