"""Counts its calls: the number of a call stands for the place of a sample.

Fails: impure.
"""

calls = []


def f(x):
    calls.append(x)
    return len(calls) * 7 % 2
