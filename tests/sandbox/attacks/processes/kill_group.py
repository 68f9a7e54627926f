"""Kills all processes of its group.

Runs.
"""


def f(x):
    import os

    os.killpg(0, 9)
    return "ESCAPED"
