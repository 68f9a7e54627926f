"""Calls itself without end.

Runs.
"""


def f(x):
    return f(x)
