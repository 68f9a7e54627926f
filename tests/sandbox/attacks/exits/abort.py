"""Aborts the process.

Fails: crash.
"""


def f(x):
    import os

    os.abort()
