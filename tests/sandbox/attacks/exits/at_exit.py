"""Loops when the last reference is dropped.

Runs.
"""


class D:
    def __del__(self):
        while True:
            pass


kept = D()


def f(x):
    return 0
