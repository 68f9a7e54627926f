"""Answers with the number of all inputs.

Fails: impure.
"""

import sys


def f(x):
    frame = sys._getframe()
    while frame:
        inputs = frame.f_locals.get("inputs")
        if isinstance(inputs, list):
            return len(inputs)
        frame = frame.f_back
    return -1
