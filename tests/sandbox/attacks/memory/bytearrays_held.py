"""Keeps what every call takes.

Runs or fails: timeout.
"""

kept = []


def f(x):
    while True:
        kept.append(bytearray(16 << 20))
