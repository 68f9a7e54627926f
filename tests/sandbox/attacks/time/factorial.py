"""Computes a factorial that cannot be interrupted.

Fails: timeout.
"""

import math


def f(x):
    return math.factorial(10**8) % 7
