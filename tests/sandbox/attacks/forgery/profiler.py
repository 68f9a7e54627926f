"""Has every call of the runner raise.

Runs or fails: load_error, exit.
"""

import sys

sys.setprofile(lambda *a: 1 / 0)


def f(x):
    return 0
