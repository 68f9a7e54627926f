"""Asks for a list of a hundred billion places.

Runs.
"""


def f(x):
    return len([0] * 10**11)
