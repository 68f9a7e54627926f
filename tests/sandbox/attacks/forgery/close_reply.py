"""Closes its reply.

Fails: exit, crash, bad_reply.
"""


def f(x):
    import os

    os.close(3)
    return 0
