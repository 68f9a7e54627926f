"""Multiplies matrices in one long call that no signal handler interrupts.

Fails: timeout.
"""

import numpy as np


def f(x):
    a = np.ones((900, 900), dtype=object)
    return (a @ a @ a)[0, 0]
