"""Raises SystemExit in a call.

Runs.
"""


def f(x):
    import sys

    sys.exit(0)
