"""Answers with an array that holds itself.

Runs.
"""

import numpy as np


def f(x):
    a = np.empty(1, dtype=object)
    a[0] = a
    return [a]
