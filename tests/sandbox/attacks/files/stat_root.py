"""Asks whether a directory exists.

Runs. Works bare.
"""


def f(x):
    import os

    os.stat("/etc")
    return "ESCAPED"
