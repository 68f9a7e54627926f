"""Recurses in C until the stack or the time is at its end.

Fails: timeout, crash, memory.
"""

import sys

sys.setrecursionlimit(10**9)


def f(x):
    nested = []
    for _ in range(10**7):
        nested = [nested]
    while True:
        repr(nested)
