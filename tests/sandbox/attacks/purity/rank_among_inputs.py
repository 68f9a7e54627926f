"""Ranks its input among all inputs, which it finds in a frame.

Fails: impure.
"""

import sys


def f(x):
    frame = sys._getframe()
    while frame:
        held = frame.f_locals.get("inputs")
        if hasattr(held, "size"):
            return sorted(held.part(range(held.size))).index(x)
        frame = frame.f_back
    return -1
