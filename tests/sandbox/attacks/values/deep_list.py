"""Answers with a list nested so deeply that its reader recurses.

Runs.
"""


def f(x):
    nested = []
    for _ in range(2_000):
        nested = [nested]
    return nested
