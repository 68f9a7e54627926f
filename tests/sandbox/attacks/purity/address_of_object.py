"""Answers with the place of a new object in memory.

Fails: impure.
"""


def f(x):
    return id(object()) // 4096
