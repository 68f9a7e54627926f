"""Answers with a list that contains itself.

Runs.
"""


def f(x):
    loop = []
    loop.append(loop)
    return loop
