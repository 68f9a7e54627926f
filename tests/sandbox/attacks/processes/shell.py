"""Runs a shell command.

Runs. Works bare.
"""

import os


def f(x):
    return "ESCAPED" if os.system("true") == 0 else ""
