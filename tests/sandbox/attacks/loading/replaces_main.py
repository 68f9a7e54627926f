"""Puts itself in the place of other modules.

Runs.
"""

import sys

sys.modules["__main__"] = sys.modules["json"] = sys.modules["os"] = None


def f(x):
    return 0
