"""Answers with an object that loops when it is shown.

Runs.
"""


class Loop:
    def __repr__(self):
        while True:
            pass

    __str__ = __repr__


def f(x):
    return Loop()
