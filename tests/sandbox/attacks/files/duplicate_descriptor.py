"""Makes a second descriptor of its reply, which would stay open.

Runs.
"""

import os


def f(x):
    os.dup(3)
    return "ESCAPED"
