"""Raises at random.

Fails: impure.
"""

import secrets


def f(x):
    if secrets.randbits(1):
        raise ValueError
    return 0
