"""Leaves its session, so that no signal to the group reaches it.

Runs.
"""


def f(x):
    import os

    os.setsid()
    return "ESCAPED"
