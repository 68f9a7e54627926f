"""Answers with the place of its input in memory.

Fails: impure.
"""


def f(x):
    return id(x)
