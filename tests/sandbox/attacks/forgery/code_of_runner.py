"""Replaces the code of the function that calls it.

Runs or fails: exit, bad_reply.
"""

import sys


def f(x):
    for value in list(sys._getframe(1).f_globals.values()):
        if hasattr(value, "__code__"):
            value.__code__ = (lambda *a, **k: None).__code__.replace(co_freevars=())
    return 0
