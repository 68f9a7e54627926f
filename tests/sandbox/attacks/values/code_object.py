"""Answers with code, to be run by the reader.

Runs.
"""


def f(x):
    return compile("print('ESCAPED')", "code", "exec")
