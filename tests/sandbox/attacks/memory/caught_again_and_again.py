"""Asks for too much again and again, and catches the refusal.

Fails: timeout.
"""


def f(x):
    while True:
        try:
            bytearray(10**10)
        except MemoryError:
            pass
