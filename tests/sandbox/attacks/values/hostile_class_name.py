"""Answers with an object whose class has a name that writes to the terminal.

Runs.
"""


def f(x):
    return type("\x1b[2J\n" * 1000, (), {})()
