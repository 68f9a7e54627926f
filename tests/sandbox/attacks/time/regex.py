"""Lets a regular expression try exponentially many ways.

Fails: timeout.
"""


def f(x):
    import re

    return bool(re.match("(a+)+$", "a" * 40 + "b"))
