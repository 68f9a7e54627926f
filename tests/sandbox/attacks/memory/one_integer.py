"""Computes an integer of twelve gigabytes.

Runs or fails: timeout.
"""


def f(x):
    return 1 << 10**11
