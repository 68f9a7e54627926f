"""Prints for ever.

Fails: timeout.
"""


def f(x):
    while True:
        print("x" * 65536)
