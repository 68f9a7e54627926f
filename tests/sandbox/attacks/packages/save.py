"""Saves an array to disk.

Runs. Works bare.
"""

import numpy as np


def f(x):
    np.save("/tmp/llmerm-attack.npy", np.arange(3))
    return "ESCAPED"
