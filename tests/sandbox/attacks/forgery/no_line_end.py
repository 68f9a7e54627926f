"""Writes one line that never ends.

Fails: bad_reply, timeout, exit.
"""

import os


def f(x):
    while True:
        os.write(3, b"[" * 65536)
