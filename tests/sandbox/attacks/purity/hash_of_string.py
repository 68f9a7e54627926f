"""Answers with a hash, which another process computes otherwise.

Fails: impure.
"""


def f(x):
    return hash(x)
