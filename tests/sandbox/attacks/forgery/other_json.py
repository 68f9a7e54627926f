"""Writes numbers that only some readers of JSON take.

Fails: bad_reply.
"""

import os


def f(x):
    os.write(3, b"[[NaN,Infinity,-Infinity],{}]\n")
    return 0
