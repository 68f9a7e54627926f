"""Writes a large integer in decimal, in quadratic time.

Fails: timeout.
"""

import sys

sys.set_int_max_str_digits(0)


def f(x):
    return len(str(1 << 10_000_000))
