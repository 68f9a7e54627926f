"""Imports a package that would bring half of the system with it.

Fails: load_error.
"""

import multiprocessing


def f(x):
    return 0
