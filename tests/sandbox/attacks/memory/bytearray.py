"""Asks for a gigabyte of zeros.

Runs.
"""


def f(x):
    b = bytearray(10**9)
    return len(b)
