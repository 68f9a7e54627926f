"""Writes over whatever lies behind an array.

Runs or fails: crash, bad_reply, exit, memory.
"""

import numpy as np


def f(x):
    view = np.lib.stride_tricks.as_strided(np.zeros(1, np.uint8), (1 << 22,), (1,))
    view[:] = 255
    return 0
