"""Kills the process that started it.

Runs.
"""


def f(x):
    import os

    os.kill(os.getppid(), 9)
    return "ESCAPED"
