"""Replaces the function that ends the process, so that it runs on in the zygote's code.

Runs.
"""

import sys


def f(x):
    frame = sys._getframe(1)
    while frame:
        frame.f_globals["_exit"] = print
        frame = frame.f_back
    return 0
