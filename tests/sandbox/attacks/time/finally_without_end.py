"""Loops while its own exit is under way.

Fails: timeout.
"""

import sys


def f(x):
    try:
        sys.exit()
    finally:
        while True:
            pass
