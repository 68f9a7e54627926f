"""Calls itself without end, with Python's own limit raised.

Fails: crash, memory, timeout.
"""

import sys

sys.setrecursionlimit(10**9)


def f(x):
    return f(x)
