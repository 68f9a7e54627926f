"""Leaves a change in numpy for the next candidate.

Runs.
"""

import numpy as np


def f(x):
    np.sum = lambda *_: 7
    np.random.seed(1)
    np.seterr(all="raise")
    return np.sum([0]) - 7 + 2
