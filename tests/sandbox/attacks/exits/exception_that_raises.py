"""Raises an exception whose every method raises.

Runs.
"""


class Hostile(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__
    __getattribute__ = __str__


def f(x):
    raise Hostile
