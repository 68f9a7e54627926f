"""Writes an object with the same place twice, and an answer for each.

Fails: bad_reply.
"""

import os


def f(x):
    os.write(3, b"[[" + b"0," * 23 + b'0],{"0":["A",""],"0":["B",""]}]\n')
    return 0
