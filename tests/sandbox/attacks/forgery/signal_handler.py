"""Handles the signal that a broken pipe would send.

Runs or fails: exit, crash, timeout.
"""

import _signal
import os

_signal.signal(_signal.SIGPIPE, lambda *a: None)


def f(x):
    os.close(1)
    os.close(2)
    return 0
