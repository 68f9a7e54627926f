"""Waits for someone to type.

Runs.
"""


def f(x):
    return input("password: ")
