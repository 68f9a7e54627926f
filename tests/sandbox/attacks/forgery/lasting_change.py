"""Changes modules, for the next candidate to find.

Runs.
"""

import math, builtins

math.pi = 3
builtins.poisoned = "ESCAPED"


def f(x):
    return 0
