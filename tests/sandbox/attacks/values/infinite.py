"""Answers with infinity.

Runs.
"""


def f(x):
    return float("-inf")
