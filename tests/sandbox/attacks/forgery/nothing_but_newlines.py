"""Writes empty lines.

Fails: bad_reply.
"""

import os


def f(x):
    os.write(3, b"\n" * 100)
    return 0
