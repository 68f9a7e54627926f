"""Loads a shared library from a path.

Runs.
"""

import numpy as np


def f(x):
    from numpy import ctypeslib

    return "ESCAPED" if ctypeslib.load_library("libc.so.6", "/lib/x86_64-linux-gnu") else ""
