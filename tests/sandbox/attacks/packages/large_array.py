"""Takes all memory in one array.

Runs or fails: timeout.
"""

import numpy as np


def f(x):
    return np.ones(1 << 36).size
