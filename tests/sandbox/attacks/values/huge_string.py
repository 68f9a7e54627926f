"""Answers with a million characters.

Runs.
"""


def f(x):
    return "x" * 1_000_000
