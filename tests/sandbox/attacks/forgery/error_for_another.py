"""Writes an error for a place that does not exist.

Fails: bad_reply.
"""

import os


def f(x):
    os.write(3, b"[[" + b"0," * 23 + b'0],{"24":["E",""]}]\n')
    return 0
