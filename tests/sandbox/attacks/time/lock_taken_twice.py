"""Waits for a lock that it holds itself.

Fails: timeout.
"""

import threading

lock = threading.Lock()


def f(x):
    lock.acquire()
    lock.acquire()
