"""Hides a huge integer in a list, with Python's own limit taken away.

Runs.
"""

import sys

sys.set_int_max_str_digits(0)


def f(x):
    return [0, [10**5000]]
