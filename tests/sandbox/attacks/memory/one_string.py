"""Asks for ten gigabytes at once.

Runs.
"""


def f(x):
    return len("x" * 10**10)
