"""Asks for all tuples of a thousand numbers.

Runs or fails: timeout.
"""

import itertools


def f(x):
    return len(list(itertools.product(range(1000), repeat=4)))
