"""Raises what Ctrl-C raises.

Runs.
"""


def f(x):
    raise KeyboardInterrupt
