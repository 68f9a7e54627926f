"""Starts another program without a fork of its own.

Runs. Works bare.
"""

import os


def f(x):
    os.posix_spawn("/bin/true", ["true"], {})
    return "ESCAPED"
