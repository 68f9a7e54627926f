"""Imports a package that would bring half of the system with it.

Runs or fails: load_error.
"""

import multiprocessing


def f(x):
    return 0
