"""Keeps what every call takes.

Runs.
"""

kept = []


def f(x):
    while True:
        kept.append(bytearray(16 << 20))
