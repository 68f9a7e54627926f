"""Overflows the stack of C.

Fails: crash, memory, timeout.
"""

import sys

sys.setrecursionlimit(10**8)


class Chain:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def f(x):
    return Chain().x
