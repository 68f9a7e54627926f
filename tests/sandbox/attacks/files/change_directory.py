"""Changes to another directory.

Runs. Works bare.
"""


def f(x):
    import os

    os.chdir("/")
    return "ESCAPED"
