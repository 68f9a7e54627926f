"""Draws at random from the module's generator.

Fails: impure.
"""

import random


def f(x):
    return random.random()
