"""Raises what ends a loop, inside the loop that calls it.

Runs.
"""


def f(x):
    raise StopIteration
