"""Raises a group of exceptions that holds an exit.

Runs.
"""


def f(x):
    raise BaseExceptionGroup("both", [SystemExit(0), ValueError()])
