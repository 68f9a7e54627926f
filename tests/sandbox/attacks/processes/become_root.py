"""Becomes root.

Runs.
"""


def f(x):
    import os

    os.setuid(0)
    return "ESCAPED"
