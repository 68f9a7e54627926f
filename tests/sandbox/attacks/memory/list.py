"""Fills a list for ever.

Runs or fails: timeout.
"""


def f(x):
    a = []
    while True:
        a.append("x" * 10_000 + str(len(a)))
