"""Becomes another program.

Runs.
"""


def f(x):
    import os

    os.execv("/bin/true", ["true"])
