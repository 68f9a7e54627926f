"""Asks for many times the memory there is.

Runs.
"""


def f(x):
    return len(bytes(10**14))
