"""Adds an answer to the list of answers, through the frame that holds it.

Fails: bad_reply.
"""


def f(x):
    import sys

    frame = sys._getframe(1)
    frame.f_locals["answers"].append(1)
    return 0
