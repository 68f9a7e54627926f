"""Answers with a string that would clear the screen if it were printed.

Runs.
"""


def f(x):
    return "\0\x1b[2J\x1b]0;title\x07\r\n"
