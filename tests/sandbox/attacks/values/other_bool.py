"""Answers True for 1, which Python counts as equal; it comes back as the bool that it is.

Runs.
"""


def f(x):
    return True
