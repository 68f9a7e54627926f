"""Sleeps: it uses no CPU time.

Fails: timeout.
"""


def f(x):
    import time

    time.sleep(60)
