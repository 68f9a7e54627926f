"""Forks through the ctypes that numpy keeps.

Runs.
"""

import numpy as np


def libc():
    from numpy._core import _internal

    return _internal.ctypes.CDLL(None, use_errno=True)


def f(x):
    library = libc()
    got = library.fork()
    if got == 0:
        library._exit(0)
    return "ESCAPED" if got > 0 else ""
