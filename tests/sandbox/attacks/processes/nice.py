"""Changes its priority.

Runs. Works bare.
"""


def f(x):
    import os

    os.nice(5)
    return "ESCAPED"
