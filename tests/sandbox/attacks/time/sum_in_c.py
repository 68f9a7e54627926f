"""Loops in C.

Fails: timeout.
"""


def f(x):
    return sum(range(10**12))
