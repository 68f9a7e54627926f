"""Answers with ten million characters.

Runs.
"""


def f(x):
    return "x" * 10_000_000
