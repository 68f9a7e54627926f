"""Answers with an integer that takes long to write.

Runs.
"""


def f(x):
    return 1 << 4_000_000
