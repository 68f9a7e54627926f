"""Reads a file into an array.

Runs. Works bare.
"""

import numpy as np


def f(x):
    return "ESCAPED" if np.fromfile("/etc/passwd", dtype=np.uint8).size else ""
