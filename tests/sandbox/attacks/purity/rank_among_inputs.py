"""Ranks its input among all inputs, which it finds in a frame.

Fails: impure.
"""

import sys


def f(x):
    frame = sys._getframe()
    while frame:
        inputs = frame.f_locals.get("inputs")
        if isinstance(inputs, list):
            return sorted(inputs).index(x)
        frame = frame.f_back
    return -1
