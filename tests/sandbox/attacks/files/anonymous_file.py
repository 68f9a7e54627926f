"""Makes a file that has no name, to be executed later.

Runs. Works bare.
"""


def f(x):
    import os

    os.memfd_create("m")
    return "ESCAPED"
