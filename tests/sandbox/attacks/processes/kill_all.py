"""Kills everything that it may signal.

Runs.
"""


def f(x):
    import os

    os.kill(-1, 9)
    return "ESCAPED"
