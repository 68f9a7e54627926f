"""Reads a file past `open`, with the class below it.

Runs. Works bare.
"""


def f(x):
    import io

    io.FileIO("/etc/hostname").read()
    return "ESCAPED"
