"""Stops its parent, which would wait for ever.

Runs.
"""


def f(x):
    import os

    os.kill(os.getppid(), 19)
    return "ESCAPED"
