"""Answers with a small list that is exponentially large when written.

Runs or fails: timeout.
"""


def f(x):
    shared = []
    for _ in range(28):
        shared = [shared, shared]
    return shared
