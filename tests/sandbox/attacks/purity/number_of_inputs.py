"""Answers with the number of all inputs.

Fails: impure.
"""

import sys


def f(x):
    frame = sys._getframe()
    while frame:
        held = frame.f_locals.get("inputs")
        if hasattr(held, "size"):
            return held.size
        frame = frame.f_back
    return -1
