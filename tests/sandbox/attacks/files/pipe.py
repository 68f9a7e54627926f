"""Makes a pipe.

Runs. Works bare.
"""

import os


def f(x):
    os.pipe()
    return "ESCAPED"
