"""Writes a number that is read as infinity.

Fails: bad_reply.
"""


def f(x):
    import os

    os.write(3, b"[[" + b"1e999," * 23 + b"1e999],{}]\n")
    return 0
