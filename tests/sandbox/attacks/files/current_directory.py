"""Asks where it is.

Runs. Works bare.
"""

import os


def f(x):
    os.getcwd()
    return "ESCAPED"
