"""Opens the standard library for writing, to change what runs next.

Runs.
"""

import os


def f(x):
    open(os.__file__, "r+b").close()
    return "ESCAPED"
