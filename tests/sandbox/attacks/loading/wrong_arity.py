"""A function that takes another number of arguments.

Runs.
"""


def f():
    return 0
