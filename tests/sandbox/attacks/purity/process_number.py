"""Answers with the number of its process.

Fails: impure.
"""

import os


def f(x):
    return os.getpid()
