"""Answers with a string that no encoding can write.

Runs.
"""


def f(x):
    return "\ud800"
