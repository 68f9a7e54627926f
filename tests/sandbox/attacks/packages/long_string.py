"""Answers with numpy's string of a hundred million characters.

Runs or fails: memory, timeout.
"""

import numpy as np


def f(x):
    return np.str_("x" * 10**7)
