"""Asks for the host's name.

Runs. Works bare.
"""

import os


def f(x):
    os.uname()
    return "ESCAPED"
