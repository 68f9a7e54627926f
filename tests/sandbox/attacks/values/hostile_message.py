"""Raises an exception whose message is a megabyte of control characters.

Runs.
"""


def f(x):
    raise ValueError("\x1b[2J\n" * 200_000)
