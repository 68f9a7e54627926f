"""Answers with the order of a set.

Fails: impure.
"""

names = [f"name {i}" for i in range(40)]


def f(x):
    return list({*names, x})[:5]
