"""Answers 1.0 for 1, which Python counts as equal; it comes back as the float that it is.

Runs.
"""


def f(x):
    return 1.0
