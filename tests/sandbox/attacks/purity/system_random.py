"""Draws at random from the system.

Fails: impure.
"""

import secrets


def f(x):
    return secrets.randbits(64)
