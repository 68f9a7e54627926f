"""Starts a thread with the module below `threading`.

Runs. Works bare.
"""

import _thread


def f(x):
    _thread.start_new_thread(int, ())
    return "ESCAPED"
