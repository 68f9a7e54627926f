"""Reads how long it has run.

Fails: impure.
"""

import time


def f(x):
    return time.process_time_ns()
