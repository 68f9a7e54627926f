"""Makes a file by mapping it.

Runs. Works bare.
"""

import numpy as np


def f(x):
    np.memmap("/tmp/llmerm-attack-map", dtype=np.uint8, mode="w+", shape=8)[:] = 7
    return "ESCAPED"
