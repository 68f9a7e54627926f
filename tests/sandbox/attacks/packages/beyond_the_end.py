"""Reads far beyond the end of an array.

Runs or fails: crash.
"""

import numpy as np


def f(x):
    view = np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 24,), (4096,))
    return float(view.sum()) * 0
