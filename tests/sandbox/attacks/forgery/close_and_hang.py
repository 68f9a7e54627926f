"""Closes its reply, and runs on.

Fails: exit, crash, bad_reply, timeout.
"""


def f(x):
    import os

    os.close(3)
    while True:
        pass
