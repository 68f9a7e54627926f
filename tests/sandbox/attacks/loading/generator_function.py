"""A function that gives a generator without end.

Runs.
"""


def f(x):
    while True:
        yield 0
