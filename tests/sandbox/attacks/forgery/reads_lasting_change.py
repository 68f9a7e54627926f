"""Looks for what another candidate changed.

Runs.
"""


def f(x):
    return poisoned
