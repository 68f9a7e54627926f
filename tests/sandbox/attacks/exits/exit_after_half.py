"""Leaves after half of its answers.

Fails: exit.
"""

import os

calls = []


def f(x):
    calls.append(x)
    if len(calls) > 12:
        os._exit(0)
    return 0
