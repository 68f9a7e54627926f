"""Takes all memory in many arrays.

Runs or fails: timeout.
"""

import numpy as np


def f(x):
    kept = [np.ones(1 << 20) for _ in range(1 << 12)]
    return len(kept)
