"""Fills the reply pipe.

Fails: bad_reply, timeout.
"""


def f(x):
    import os

    while True:
        os.write(3, b"x" * 65536)
