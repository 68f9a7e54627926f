"""Takes the maximum of infinitely many numbers.

Fails: timeout.
"""


def f(x):
    import itertools

    return max(itertools.count())
