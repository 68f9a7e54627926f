"""Starts a thread that works on an array.

Runs. Works bare.
"""

import numpy as np


def f(x):
    import threading

    done = np.zeros(1)
    thread = threading.Thread(target=done.fill, args=(1,))
    thread.start()
    thread.join()
    return "ESCAPED" if done[0] else ""
