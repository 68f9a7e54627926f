"""Runs out of memory and keeps every traceback.

Runs.
"""

kept = []


def f(x):
    try:
        bytearray(1 << 40)
    except MemoryError as error:
        kept.append(error)
        raise
