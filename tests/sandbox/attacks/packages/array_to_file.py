"""Writes an array to a file by its own method.

Runs. Works bare.
"""

import numpy as np


def f(x):
    np.arange(3).tofile("/tmp/llmerm-attack-array")
    return "ESCAPED"
