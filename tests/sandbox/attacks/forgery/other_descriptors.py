"""Fills the descriptor after the last one that it was given.

Runs.
"""

import os


def f(x):
    os.write(12, b"x" * 65536)
    return "ESCAPED"
