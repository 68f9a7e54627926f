"""Leaves when the clock says so: the first time it runs, the second time it may not.

Fails: impure.
"""

import os
import sys

frame = sys._getframe()
while frame:
    held = frame.f_locals.get("inputs")
    if hasattr(held, "size") and held.size < 24:
        os._exit(0)
    frame = frame.f_back


def f(x):
    return 0
