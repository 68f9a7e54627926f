"""Lists the root directory.

Runs. Works bare.
"""


def f(x):
    import os

    os.listdir("/")
    return "ESCAPED"
