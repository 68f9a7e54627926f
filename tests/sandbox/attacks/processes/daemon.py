"""Leaves a process behind that outlives it.

Runs.
"""

import os


def f(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                pass
        os._exit(0)
    return "ESCAPED"
