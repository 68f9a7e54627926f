"""Computes a number too large to compute, in C, where no signal handler runs.

Fails: timeout.
"""


def f(x):
    return 7**7**9 % 10
