"""Moves its parent to another core.

Runs.
"""

import os


def f(x):
    os.sched_setaffinity(os.getppid(), {0})
    return "ESCAPED"
