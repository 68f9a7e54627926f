"""Forks.

Runs. Works bare.
"""


def f(x):
    import os

    if os.fork() == 0:
        os._exit(0)
    return "ESCAPED"
