"""Asks for a function to be called when the process ends.

Runs.
"""


def ending():
    while True:
        pass


def f(x):
    import atexit

    atexit.register(ending)
    return 0
