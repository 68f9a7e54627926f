"""Leaves in the middle of a call, with a code that says that all is well.

Fails: exit.
"""


def f(x):
    import os

    os._exit(0)
