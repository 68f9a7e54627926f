"""Stays in a loop in C.

Fails: timeout.
"""

import numpy as np


def f(x):
    a = np.ones(1 << 20)
    while True:
        np.sin(a, out=a)
