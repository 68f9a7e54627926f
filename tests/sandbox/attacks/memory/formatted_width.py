"""Asks for a string of a terabyte with one small format.

Runs.
"""


def f(x):
    return len(f"{0:>1000000000000}")
